/**
 * Classes of Keras that compute with their arguments and nothing else. Not among them: Lambda (holds code), TFSMLayer,
 * TorchModuleWrapper, JaxLayer and FlaxLayer (load other models), and everything that takes a function by its name.
 */
export const KERAS_CLASSES: ReadonlySet<string> = new Set(
  [
    'Functional Model Sequential InputLayer KerasTensor DTypePolicy CompileMetrics CompileLoss __tuple__ __tensor__',
    'Dense EinsumDense Embedding Activation Masking Identity Flatten Reshape Permute RepeatVector',
    'Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose SeparableConv1D SeparableConv2D',
    'DepthwiseConv1D DepthwiseConv2D MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D',
    'AveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D',
    'GlobalAveragePooling2D GlobalAveragePooling3D LSTM LSTMCell GRU GRUCell SimpleRNN SimpleRNNCell RNN',
    'StackedRNNCells TimeDistributed Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D Normalization BatchNormalization',
    'LayerNormalization GroupNormalization UnitNormalization SpectralNormalization Dropout SpatialDropout1D',
    'SpatialDropout2D SpatialDropout3D GaussianDropout GaussianNoise AlphaDropout ActivityRegularization Attention',
    'MultiHeadAttention GroupedQueryAttention AdditiveAttention Cropping1D Cropping2D Cropping3D UpSampling1D',
    'UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D Concatenate Average Maximum Minimum Add',
    'Subtract Multiply Dot ReLU LeakyReLU PReLU ELU Softmax Rescaling Resizing CenterCrop CategoryEncoding',
    'Discretization Hashing StringLookup IntegerLookup TextVectorization',
    'GlorotUniform GlorotNormal HeNormal HeUniform LecunNormal LecunUniform RandomNormal RandomUniform',
    'TruncatedNormal VarianceScaling Orthogonal OrthogonalInitializer Zeros Ones Constant Identity',
    'L1 L2 L1L2 OrthogonalRegularizer MaxNorm NonNeg UnitNorm MinMaxNorm',
    'SGD RMSprop Adam AdamW Adamax Nadam Adagrad Adadelta Ftrl Lion Lamb Adafactor LossScaleOptimizer',
    'ExponentialDecay PiecewiseConstantDecay PolynomialDecay InverseTimeDecay CosineDecay CosineDecayRestarts',
    'BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy MeanSquaredError MeanAbsoluteError',
    'MeanAbsolutePercentageError MeanSquaredLogarithmicError BinaryFocalCrossentropy Huber LogCosh Hinge Poisson',
    'KLDivergence CosineSimilarity Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy AUC',
    'Precision Recall F1Score RootMeanSquaredError Mean Sum TruePositives TrueNegatives FalsePositives',
    'FalseNegatives R2Score',
  ].flatMap((line) => line.split(' ')),
);
