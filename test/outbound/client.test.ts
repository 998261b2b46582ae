import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOutbound, type OutboundOptions } from '../../src/outbound/index.ts';

const OPEN = ['127.0.0.0/8', '::1'];

async function listen(server: ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}
const serve = (listener: RequestListener) => listen(createServer(listener));

/** A client for names of the test that all lead to this machine, unless it says otherwise. */
function clientFor(
  hosts: readonly string[],
  options: OutboundOptions = {},
  addresses: readonly string[] = OPEN,
) {
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  return createOutbound({ hosts, addresses, ca: null }, { resolve, ...options });
}

/** Why each of them failed. */
const reasons = (failing: readonly Promise<unknown>[]): Promise<Error[]> =>
  Promise.all(
    failing.map((each) =>
      each.then(
        () => new Error('it did not fail'),
        (reason: Error) => reason,
      ),
    ),
  );

describe('an outbound client', () => {
  it('sends, takes the answer with its headers, and asks for the bytes as they are', async () => {
    const port = await serve((request, response) => {
      response.writeHead(206, { etag: '"1"', 'content-range': 'bytes 1-3/4' });
      response.end(`${request.method} ${request.headers['accept-encoding']} ${request.headers.range}`);
    });
    const answer = await clientFor([`http://a.test:${port}`]).send(`http://a.test:${port}/x`, {
      headers: { range: 'bytes=1-' },
    });
    expect([answer.status, answer.headers.get('etag'), answer.url]).toEqual([
      206,
      '"1"',
      `http://a.test:${port}/x`,
    ]);
    expect(await answer.text()).toBe('GET identity bytes=1-');
  });

  it('connects to the address that it judged, and asks for it once', async () => {
    const port = await serve((_request, response) => response.end('here'));
    const answers = ['127.0.0.1', '10.0.0.1'];
    let asked = 0;
    const resolve = async () => [{ address: answers[asked++] ?? '', family: 4 }];
    const client = clientFor([`http://a.test:${port}`], { resolve }, ['127.0.0.1']);
    expect(await (await client.send(`http://a.test:${port}`)).text()).toBe('here');
    expect(asked).toBe(1);
    await expect(client.send(`http://a.test:${port}`)).rejects.toMatchObject({
      code: 'forbidden',
      message: 'a.test has the address 10.0.0.1, which is of a private network, and no rule allows that',
    });
  });

  it('refuses a host of which one address of several is refused', async () => {
    const resolve = async () => ['93.184.216.34', '127.0.0.1'].map((address) => ({ address, family: 4 }));
    const sending = clientFor(['a.test'], { resolve }, []).send('https://a.test');
    await expect(sending).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('is this machine'),
    });
  });

  it('judges each redirect anew, and tells another host no credentials', async () => {
    const seen: unknown[] = [];
    const last = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    const port = await serve((request, response) => {
      seen.push(request.headers.authorization);
      const to =
        new URL(request.url ?? '', 'http://a.test').searchParams.get('to') ?? '/?to=http://169.254.169.254/';
      response.writeHead(302, { location: to }).end();
    });
    const client = clientFor([`http://a.test:${port}`, `http://b.test:${last}`, 'http://169.254.169.254']);
    const headers = {
      Authorization: 'Bearer secret',
      cookie: 'secret',
      'x-amz-security-token': 'secret',
      range: 'bytes=0-',
    };
    const answer = await client.send(`http://a.test:${port}/?to=http://b.test:${last}/`, { headers });
    expect(await answer.json()).not.toMatchObject({ authorization: expect.anything() });
    const again = await client.send(`http://a.test:${port}/?to=http://b.test:${last}/`, { headers });
    expect(await again.text()).not.toContain('secret');
    await expect(client.send(`http://a.test:${port}/`, { headers })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('is a metadata service'),
    });
    expect(seen).toEqual(Array(4).fill('Bearer secret'));
    await expect(client.send(`http://a.test:${port}/?to=https://evil.test/?q=s3cret`)).rejects.toThrow(
      'https://evil.test is no host that a rule allows',
    );
    await expect(client.send(`http://a.test:${port}/?to=//a.test:${port}/%3Fto%3D`)).rejects.toThrow();
    await expect(client.send(`http://a.test:${port}/`, { method: 'POST' })).rejects.toThrow(
      'redirects a POST',
    );
    expect((await client.send(`http://a.test:${port}/`, { redirects: 0 })).status).toBe(302);
  });

  it('follows no circle', async () => {
    let hops = 0;
    const port = await serve((_request, response) => {
      hops += 1;
      response.writeHead(307, { location: '/' }).end();
    });
    await expect(clientFor([`http://a.test:${port}`]).send(`http://a.test:${port}`)).rejects.toThrow(
      'redirects more than 5 times',
    );
    expect(hops).toBe(6);
  });

  it('takes no more bytes than its limit, announced or not', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/announced') response.setHeader('content-length', 11);
      response.write('12345');
      response.end('678901');
    });
    const client = clientFor([`http://a.test:${port}`]);
    await expect(client.send(`http://a.test:${port}/announced`, { limit: 10 })).rejects.toMatchObject({
      code: 'too_large',
    });
    const answer = await client.send(`http://a.test:${port}/`, { limit: 10 });
    await expect(answer.text()).rejects.toMatchObject({ code: 'too_large' });
    expect(await (await client.send(`http://a.test:${port}/`, { limit: 11 })).text()).toHaveLength(11);
  });

  it('waits only so long: for a connection, between bytes, for the whole, and while it is wanted', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/drip') response.write('x');
    });
    const url = `http://a.test:${port}/?sig=s3cret`;
    const hosts = [`http://a.test:${port}`];
    const never = new Promise<never>(() => undefined);
    const cases = [
      clientFor(hosts, { connect: 50, resolve: () => never }).send(url),
      clientFor(hosts, { idle: 50 }).send(url),
      clientFor(hosts, { whole: 50 }).send(url),
      clientFor(hosts).send(url, { signal: AbortSignal.timeout(50) }),
      clientFor(hosts, { idle: 50 })
        .send(`http://a.test:${port}/drip`)
        .then((answer) => answer.text()),
      clientFor(hosts, { whole: 50 })
        .send(`http://a.test:${port}/drip`)
        .then((answer) => answer.text()),
    ];
    for (const error of await reasons(cases))
      expect(error).toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/^a\.test:\d+ cannot be reached: .*(in time|in 0\.05 s)$/),
      });
  });

  it('says which host failed and how, and nothing of the path', async () => {
    const breaking = await listen(
      createTcpServer((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')),
      ),
    );
    const babbling = await listen(
      createTcpServer((socket) => socket.once('data', () => socket.end('nonsense\r\n\r\n'))),
    );
    const zipped = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(),
    );
    const client = clientFor([breaking, babbling, zipped, 1].map((port) => `http://a.test:${port}`));
    const half = await client.send(`http://a.test:${breaking}/s3cret`);
    const others = [babbling, zipped, 1].map((port) => client.send(`http://a.test:${port}/s3cret`));
    for (const error of await reasons([half.text(), ...others])) {
      expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/^a\.test:\d+ /) });
      expect(JSON.stringify(error) + error.message).not.toContain('s3cret');
    }
  });
});
