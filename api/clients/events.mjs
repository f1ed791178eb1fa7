// Makes types of the network's events with the tools that integrators use, and
// fails when these cannot read the contract, find an error in it, or must invent
// a name: a name that is invented is another one in the next release.
//
// `make clients` runs it in a folder that has the tools.
import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { TypeScriptGenerator } from '@asyncapi/modelina';
import asyncapi from '@asyncapi/parser';
import { load } from 'js-yaml';

const [contract] = process.argv.slice(2);
const text = readFileSync(contract, 'utf8');
const { components } = load(text);

const { document, diagnostics } = await new asyncapi.Parser().parse(text, { source: contract });
const wrong = diagnostics.filter((d) => d.severity < 2); // 0 is an error, 1 a warning
for (const d of wrong) console.error(`${d.path.join('/')}: ${d.message}`);

const models = document ? await new TypeScriptGenerator({ modelType: 'interface' }).generate(document) : [];
const names = models.map((m) => m.modelName);
const invented = names.filter((name) => /anonymous/i.test(name));
for (const name of invented) console.error(`${name}: its schema has no title`);
const twice = names.filter((name, i) => names.indexOf(name) < i);
for (const name of twice) console.error(`${name}: two types have this name`);

const events = Object.keys(components.messages).length;
if (names.length < events) console.error(`${events} messages, and only ${names.length} types`);
if (wrong.length + invented.length + twice.length > 0 || names.length < events) process.exit(1);

writeFileSync('events.ts', models.map((m) => `export ${m.result}\n`).join('\n'));
execFileSync('npx', ['--no-install', 'tsc', '--strict', '--noEmit', '--target', 'es2022', 'events.ts'], { stdio: 'inherit' });
console.log(`events: ${events} messages, ${names.length} types`);
