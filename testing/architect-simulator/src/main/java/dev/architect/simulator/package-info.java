/**
 * The provider simulator: a real HTTP server on loopback that implements the wire formats of the six providers.
 *
 * <p>It exists so that routing, failover, cost and recovery can be shown and tested against something that behaves like
 * the real services, including the ways in which they fail, without a key and without spending money. Start it with
 * {@link dev.architect.simulator.ProviderSimulator#start}, point each adapter at {@link
 * dev.architect.simulator.ProviderSimulator#baseUrl}, and read what the clients did from {@link
 * dev.architect.simulator.ProviderSimulator#log()}.
 *
 * <h2>Base paths</h2>
 *
 * <table>
 * <caption>Base URLs to configure instead of the providers' own</caption>
 * <tr><th>Provider</th><th>Base URL</th><th>Calls</th></tr>
 * <tr><td>claude</td><td>{@code …/claude}</td><td>{@code POST /v1/messages}, {@code POST /v1/messages/count_tokens},
 *     {@code GET /v1/models}</td></tr>
 * <tr><td>openai</td><td>{@code …/openai/v1}</td><td>{@code POST /chat/completions}, {@code POST /responses},
 *     {@code POST /responses/input_tokens}, {@code POST /embeddings}, {@code GET /models}</td></tr>
 * <tr><td>gemini</td><td>{@code …/gemini}</td><td>{@code POST /v1beta/models/{model}:generateContent},
 *     {@code :streamGenerateContent}, {@code :countTokens}, {@code GET /v1beta/models}</td></tr>
 * <tr><td>ollama</td><td>{@code …/ollama}</td><td>{@code POST /api/chat}, {@code /api/embed}, {@code /api/show},
 *     {@code /api/pull}, {@code GET /api/tags}, {@code /api/ps}, {@code /api/version}</td></tr>
 * <tr><td>anythingllm</td><td>{@code …/anythingllm/api}</td><td>{@code POST /v1/workspace/{slug}/chat},
 *     {@code /stream-chat}, the same of {@code /thread/{thread}}, {@code POST /v1/openai/embeddings}, {@code GET
 *     /v1/openai/models}, {@code /v1/workspaces}, {@code /v1/auth}, {@code /ping}</td></tr>
 * <tr><td>perplexity</td><td>{@code …/perplexity}</td><td>{@code POST /v1/agent}, {@code /v1/responses},
 *     {@code /chat/completions}, {@code GET /v1/models}</td></tr>
 * </table>
 *
 * <h2>Tokens and money</h2>
 *
 * <p>A token is four characters (as {@link String#length()} counts them), rounded up per text. A prompt has the tokens
 * of all its message texts plus four per message; a system text is a message. Tools count their name, description and
 * schema, earlier tool calls and results their text, an image or a document 85. Every answered call is billed from the
 * simulator's own price list in whole pico-dollars (1e-12 USD). A failed call is billed nothing. A stream that ended
 * early is billed its prompt, its hidden reasoning and what was sent. Perplexity states its cost: there each component
 * is rounded half up to five decimals of a dollar, and the sum of the rounded components is what is billed.
 *
 * <h2>What the models do</h2>
 *
 * <p>The same request gets the same answer. The model calls every offered tool whose name is a word of the user's last
 * text, or those that the tool choice requires, with arguments generated from the tool's schema: strings are the words after the name,
 * numbers 7, booleans true. After tool results its text repeats them. With an output schema the text is JSON generated the same
 * way. With a reasoning effort there is reasoning before the answer, the longer the higher the effort. A stop sequence ends
 * the answer. The prefix before the last cache breakpoint is written to the cache by the first request that has it, and
 * read afterwards. Embedding vectors have length one and are nearer to each other the more words two texts share.
 *
 * <h2>Changing it while it runs</h2>
 *
 * <p>{@link dev.architect.simulator.ProviderSimulator#update} swaps the whole script at once. From outside the
 * process the same is done over HTTP with a partial script in the format of a script file; only the fields that it
 * names change:
 *
 * <pre>
 * curl http://127.0.0.1:PORT/control                          state, totals and prices
 * curl http://127.0.0.1:PORT/control/log?last=20              the latest calls
 * curl -X DELETE http://127.0.0.1:PORT/control/log            empties the log and the totals
 * curl -d '{"providers":{"claude":{"outage":"refuse"}}}' http://127.0.0.1:PORT/control
 * curl -d '{"providers":{"claude":{"outage":"no_credit"}}}' http://127.0.0.1:PORT/control
 * curl -d '{"providers":{"claude":{"outage":null}}}'     http://127.0.0.1:PORT/control
 * curl -d '{"providers":{"openai":{"errors":[{"status":429,"share":0.2,"retryAfterSeconds":1}]}}}' \
 *      http://127.0.0.1:PORT/control
 * </pre>
 *
 * <p>The server listens on 127.0.0.1 only. Requests to {@code /control} that name another host or come from a web page
 * (they carry {@code Origin}) are rejected.
 */
@NullMarked
package dev.architect.simulator;

import org.jspecify.annotations.NullMarked;
