// Every RPC of a running server, through @grpc/grpc-js and the proto files.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, test } = require('node:test');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const root = path.join(__dirname, '..', '..', '..');
const address = process.env.SERVER_ADDRESS ?? '127.0.0.1:50051';

const definition = loader.loadSync('khabar/v1/text_analytics_service.proto', {
  includeDirs: [path.join(root, 'proto'), path.join(root, 'third_party', 'proto')],
  enums: String,
  longs: Number,
  oneofs: true,
  defaults: true,
  keepCase: false,
});
const { khabar } = grpc.loadPackageDefinition(definition);
const client = new khabar.v1.TextAnalyticsService(address, grpc.credentials.createInsecure());
after(() => client.close());

const UTF16 = 'OFFSET_UNIT_UTF16_CODE_UNITS';

function fixture(name) {
  const file = path.join(root, 'tests', 'fixtures', 'articles', `${name}.txt`);
  const whole = fs.readFileSync(file, 'utf8');
  const end = whole.indexOf('\n');
  return { title: whole.slice(0, end), text: whole.slice(end + 1) };
}

/** Calls a unary method; resolves with the answer and its initial metadata. */
function call(method, request) {
  return new Promise((resolve, reject) => {
    let metadata;
    client[method](request, { deadline: Date.now() + 10_000 }, (error, answer) =>
      error ? reject(error) : resolve({ answer, metadata }),
    ).on('metadata', (received) => {
      metadata = received;
    });
  });
}

/** What a string's own indices, which count UTF-16 code units, find under a span. */
function under(span, article) {
  const field = { FIELD_TITLE: article.title, FIELD_TEXT: article.text }[span.field];
  return field.slice(span.begin, span.end);
}

test('Normalize drops tatweel and tells the edit in UTF-16 code units', async () => {
  const { answer } = await call('normalize', {
    text: '🗞 خبـــر',
    options: { edits: true },
    offsetUnit: UTF16,
  });
  assert.equal(answer.normalizedText, '🗞 خبر');
  assert.equal(answer.edits.length, 1);
  const { original, replacement } = answer.edits[0];
  assert.deepEqual([original.begin, original.end, replacement], [5, 8, '']);
});

test('SegmentHeadlines finds the title and puts blocks on their text', async () => {
  const article = fixture('feature');
  const { answer } = await call('segmentHeadlines', { article, offsetUnit: UTF16 });
  const [headline, ...rest] = answer.segmentation.blocks;
  assert.equal(headline.role, 'BLOCK_ROLE_HEADLINE');
  assert.equal(under(headline.span, article), article.title);
  assert.ok(rest.length > 5);
  for (const block of rest) {
    const text = under(block.span, article);
    assert.equal(text, text.trim());
  }
});

test('ExtractEntities puts mentions on their text, beyond the basic plane too', async () => {
  const { title, text } = fixture('economy');
  const article = { title, text: `🏦🏦 ${text}` };
  const { answer } = await call('extractEntities', { article, offsetUnit: UTF16 });
  assert.ok(answer.entities.length > 0);
  for (const mention of answer.entities.flatMap((entity) => entity.mentions)) {
    assert.equal(under(mention.coreSpan, article), mention.text);
  }
});

test('ExtractEntities answers with the wanted types alone', async () => {
  const { answer } = await call('extractEntities', {
    article: fixture('economy'),
    options: { types: ['ENTITY_TYPE_PERCENT'] },
  });
  assert.ok(answer.entities.length > 0);
  assert.ok(answer.entities.every((entity) => entity.value === 'percent'));
});

test('Analyze does all in one pass and tells how the cache took part', async () => {
  const { answer, metadata } = await call('analyze', { article: fixture('urgent') });
  assert.ok(answer.normalizedText && answer.segmentation && answer.entities.length);
  assert.ok(answer.engineVersion);
  assert.match(metadata.get('khabar-cache')[0], /^(hit|miss|coalesced)$/);
  assert.equal(metadata.get('x-request-id').length, 1);
});

test('AnalyzeBatch answers in order; a bad article fills its item', async () => {
  const { answer } = await call('analyzeBatch', {
    articles: [fixture('sports'), { text: ' ' }, fixture('urgent')],
  });
  const outcomes = answer.items.map((item) => item.outcome);
  assert.deepEqual(outcomes, ['result', 'error', 'result']);
  assert.equal(answer.items[1].error.code, grpc.status.INVALID_ARGUMENT);
});

test('AnalyzeStream keeps order and outlives a bad article', async () => {
  const stream = client.analyzeStream({ deadline: Date.now() + 60_000 });
  const sent = ['sports', 'blank', 'feature', 'economy'];
  for (const id of sent) {
    const article = id === 'blank' ? { text: '' } : fixture(id);
    stream.write({ id, request: { article } });
  }
  stream.end();
  const answers = [];
  for await (const answer of stream) answers.push(answer);
  assert.deepEqual(answers.map((answer) => answer.id), sent);
  assert.deepEqual(
    answers.map((answer) => answer.outcome),
    ['result', 'error', 'result', 'result'],
  );
});

test('GetServerInfo tells limits', async () => {
  const { answer } = await call('getServerInfo', {});
  assert.equal(answer.serverInfo.limits.maxTextBytes, 1 << 20);
});

test('an unknown enum number is INVALID_ARGUMENT', async () => {
  await assert.rejects(call('normalize', { text: 'خبر', offsetUnit: 99 }), (error) => {
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.ok(error.metadata.get('grpc-status-details-bin').length > 0);
    return true;
  });
});
