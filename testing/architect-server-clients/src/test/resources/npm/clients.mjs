// What the vendors' own clients for Node meet at the gateway. Prints one line for each thing that was tried: its name and what came of it.

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const [phase, url, key] = process.argv.slice(2);
const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
const anthropic = new Anthropic({ baseURL: url, apiKey: key });
const user = (content) => [{ role: "user", content }];
const chat = (more = {}) => ({ model: "openai/gpt-4o-mini", messages: user("Tell me about queues."), ...more });
const message = (more = {}) => ({ model: "claude/claude-haiku-4-5", max_tokens: 300, messages: user("Tell me about queues."), ...more });
const city = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const openaiTools = [{ type: "function", function: { name: "weather", description: "The weather of a city", parameters: city } }];
const anthropicTools = [{ name: "weather", description: "The weather of a city", input_schema: city }];

const say = (name, text) => console.log(`${name}: ${text}`);

async function raised(name, work) {
  try {
    await work();
    say(name, "nothing");
  } catch (failure) {
    say(name, `${failure.constructor.name} ${failure.status ?? "none"}`);
  }
}

async function flows() {
  const whole = await openai.chat.completions.create(chat());
  say("openai chat", whole.choices[0].message.content.length > 0 && whole.usage.completion_tokens > 0);
  let text = "";
  let usage = 0;
  for await (const chunk of await openai.chat.completions.create(chat({ stream: true, stream_options: { include_usage: true } }))) {
    text += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage?.completion_tokens ?? usage;
  }
  say("openai stream", text.length > 0 && usage > 0);
  const asked = await openai.chat.completions.create(chat({ tools: openaiTools, tool_choice: "required", messages: user("What is the weather in Bonn?") }));
  const call = asked.choices[0].message.tool_calls[0];
  const told = await openai.chat.completions.create(chat({ tools: openaiTools, messages: [...user("What is the weather in Bonn?"), asked.choices[0].message, { role: "tool", tool_call_id: call.id, content: "Rain." }] }));
  say("openai tools", call.function.name === "weather" && told.choices[0].finish_reason === "stop");
  const response = await openai.responses.create({ model: "openai/gpt-4o-mini", input: "Tell me about queues." });
  say("openai response", response.output_text.length > 0 && response.status === "completed");
  const events = [];
  for await (const event of await openai.responses.create({ model: "openai/gpt-4o-mini", input: "Tell me about queues.", stream: true })) {
    events.push(event);
  }
  say("openai response stream", events[0].type === "response.created" && events.at(-1).type === "response.completed" && events.every((event, place) => event.sequence_number === place));
  const counted = await openai.post("/responses/input_tokens", { body: { model: "openai/gpt-4o-mini", input: "Tell me." } });
  say("openai count", counted.input_tokens > 0);
  const models = [];
  for await (const model of openai.models.list()) {
    models.push(model.id);
  }
  say("openai models", models.includes("auto") && models.includes("openai/gpt-4o-mini") && (await openai.models.retrieve("auto")).id === "auto");

  const answer = await anthropic.messages.create(message());
  say("anthropic message", answer.content[0].text.length > 0 && answer.stop_reason === "end_turn" && answer.usage.output_tokens > 0);
  const stream = anthropic.messages.stream(message());
  let deltas = 0;
  stream.on("text", () => { deltas += 1; });
  const final = await stream.finalMessage();
  say("anthropic stream", deltas > 0 && final.content[0].text.length > 0 && final.usage.output_tokens > 0);
  const use = await anthropic.messages.create(message({ tools: anthropicTools, tool_choice: { type: "any" }, messages: user("What is the weather in Bonn?") }));
  const wanted = use.content.find((block) => block.type === "tool_use");
  const after = await anthropic.messages.create(message({ tools: anthropicTools, messages: [...user("What is the weather in Bonn?"), { role: "assistant", content: use.content }, { role: "user", content: [{ type: "tool_result", tool_use_id: wanted.id, content: "Rain." }] }] }));
  say("anthropic tools", wanted.name === "weather" && after.stop_reason === "end_turn");
  say("anthropic count", (await anthropic.messages.countTokens({ model: "claude/claude-haiku-4-5", messages: user("Tell me.") })).input_tokens > 0);
  const names = [];
  for await (const model of anthropic.models.list()) {
    names.push(model.id);
  }
  say("anthropic models", names.includes("claude/claude-haiku-4-5"));
}

async function errors() {
  const wrong = { openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: "wrong" }), anthropic: new Anthropic({ baseURL: url, apiKey: "wrong" }) };
  await raised("openai key", () => wrong.openai.chat.completions.create(chat()));
  await raised("openai model", () => openai.chat.completions.create(chat({ model: "no-such-model" })));
  await raised("openai field", () => openai.chat.completions.create(chat({ model: "auto", n: 2 })));
  await raised("openai gone", () => new OpenAI({ baseURL: "http://127.0.0.1:1/v1", apiKey: key, maxRetries: 0 }).chat.completions.create(chat()));
  await raised("anthropic key", () => wrong.anthropic.messages.create(message()));
  await raised("anthropic model", () => anthropic.messages.create(message({ model: "no-such-model" })));
  await raised("anthropic field", () => anthropic.messages.create(message({ model: "auto", top_p: 0.5 })));
  await raised("anthropic gone", () => new Anthropic({ baseURL: "http://127.0.0.1:1", apiKey: key, maxRetries: 0 }).messages.create(message()));
}

async function budget() {
  await raised("openai budget", () => openai.chat.completions.create(chat()));
  await raised("anthropic budget", () => anthropic.messages.create(message()));
}

async function down() {
  await raised(`${process.argv[5]} down`, () => process.argv[5] === "openai" ? openai.chat.completions.create(chat()) : anthropic.messages.create(message()));
}

async function cut() {
  await raised("openai cut", async () => {
    for await (const chunk of await openai.chat.completions.create(chat({ stream: true }))) {
      void chunk;
    }
  });
  await raised("anthropic cut", async () => {
    for await (const event of await anthropic.messages.create(message({ stream: true }))) {
      void event;
    }
  });
}

await { flows, errors, budget, down, cut }[phase]();
