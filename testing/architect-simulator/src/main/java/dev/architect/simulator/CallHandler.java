package dev.architect.simulator;

import dev.architect.simulator.answer.CallCost;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.PromptCache;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.anythingllm.AnythingLlmEndpoints;
import dev.architect.simulator.claude.ClaudeEndpoints;
import dev.architect.simulator.gemini.GeminiEndpoints;
import dev.architect.simulator.http.RawHttpServer;
import dev.architect.simulator.http.RawRequest;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.ollama.OllamaEndpoints;
import dev.architect.simulator.openai.OpenAiEndpoints;
import dev.architect.simulator.perplexity.PerplexityEndpoints;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.Outage;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.ProviderEndpoints;
import dev.architect.simulator.wire.RateWindow;
import dev.architect.simulator.wire.StreamPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests to the simulated providers.
 *
 * <p>Each request passes the same steps: outage, key, parsing, rate limit and error rates, latency, answer. The script
 * is read once, at arrival; a later change does not affect calls that are already in progress. The log is complete before
 * the last bytes of an answer leave, so a client that compares its own figures with the log never finds it behind.
 */
final class CallHandler implements RawHttpServer.Handler {

    private static final Map<String, ProviderEndpoints> ENDPOINTS = Map.of(
            "claude", new ClaudeEndpoints(),
            "openai", new OpenAiEndpoints(),
            "gemini", new GeminiEndpoints(),
            "ollama", new OllamaEndpoints(),
            "anythingllm", new AnythingLlmEndpoints(),
            "perplexity", new PerplexityEndpoints());

    private final AtomicReference<SimulatorScript> script;
    private final CallLog log;
    private final ControlEndpoint control;
    private final PromptCache cache = new PromptCache();
    // Filled once and only read afterwards; each window has a lock of its own.
    private final Map<String, RateWindow> windows = new LinkedHashMap<>();

    CallHandler(AtomicReference<SimulatorScript> script, CallLog log, ControlEndpoint control) {
        this.script = script;
        this.log = log;
        this.control = control;
        SimulatorScript.PROVIDERS.forEach(name -> windows.put(name, new RateWindow()));
    }

    @Override
    public void handle(RawRequest request, RawHttpServer.Exchange exchange) throws IOException {
        int slash = request.path().indexOf('/', 1);
        String name = request.path().substring(1, slash < 0 ? request.path().length() : slash);
        ProviderEndpoints endpoints = ENDPOINTS.get(name);
        if (endpoints != null) {
            RawRequest inner = request.withoutPrefix("/" + name);
            // Read once: a change of the script in between must not mix two of them in one answer.
            SimulatorScript now = script.get();
            CallLog.Entry entry = log.recordArrival(name, inner.path(), now.seed());
            new Call(name, endpoints, inner, exchange, now, entry).run();
        } else if (name.equals("control")) {
            control.handle(request.withoutPrefix("/control"), exchange);
        } else {
            byte[] text = SimulatorJson.utf8(
                    "unknown base path, expected /control or one of " + SimulatorScript.PROVIDERS + "\n");
            exchange.respond(404, Map.of("content-type", "text/plain"), text);
        }
    }

    /** One request while it is being answered. */
    private final class Call {

        private final String name;
        private final ProviderEndpoints endpoints;
        private final RawRequest request;
        private final RawHttpServer.Exchange exchange;
        private final SimulatorScript script;
        private final ProviderScript provider;
        private final CallLog.Entry entry;
        private final RateWindow window;
        private final ResponseIds ids;
        private final SplittableRandom random;

        Call(
                String name,
                ProviderEndpoints endpoints,
                RawRequest request,
                RawHttpServer.Exchange exchange,
                SimulatorScript script,
                CallLog.Entry entry) {
            this.name = name;
            this.endpoints = endpoints;
            this.request = request;
            this.exchange = exchange;
            this.script = script;
            this.provider = script.provider(name);
            this.entry = entry;
            this.window = Objects.requireNonNull(windows.get(name), name);
            this.ids = new ResponseIds(script.seed(), entry.number());
            // From the number of the call and not shared: calls at the same time then do not change each other's draws.
            this.random = new SplittableRandom(script.seed() * 1_000_003 + entry.number());
        }

        void run() throws IOException {
            try {
                if (provider.outage() == Outage.REFUSE) {
                    // The log first: the client may look into it as soon as it sees the reset.
                    finish(0, CallAction.RESET);
                    exchange.reset();
                } else if (provider.outage() == Outage.SILENT) {
                    finish(0, CallAction.SILENT);
                    exchange.awaitHangUp();
                    log.recordHangUp(entry);
                } else {
                    answer();
                }
            } catch (ErrorResponseException error) {
                finish(error.status(), error.action());
                Map<String, String> headers = headers("application/json", currentWindow());
                headers.putAll(error.headers());
                send(() -> exchange.respond(
                        error.status(), headers, SimulatorJson.bytes(endpoints.errorBody(error.body(), ids))));
            }
        }

        private void answer() throws IOException, ErrorResponseException {
            if (provider.outage() == Outage.HTTP_503) {
                throw endpoints.error(503, null, CallAction.HTTP_503);
            }
            checkKey();
            ParsedRequest parsed = endpoints.read(request, provider);
            if (parsed instanceof ParsedRequest.FixedAnswer fixed) {
                Map<String, String> headers = headers(fixed.type(), currentWindow());
                if (provider.outage() == Outage.CUT) {
                    finish(200, CallAction.CUT);
                    send(() -> exchange.respondPartly(200, headers, fixed.body(), fixed.body().length / 2));
                } else {
                    finish(200, CallAction.OK);
                    send(() -> exchange.respond(200, headers, fixed.body()));
                }
                return;
            }
            if (parsed instanceof ParsedRequest.Embedding embedding) {
                embed(embedding);
                return;
            }
            ParsedRequest.Chat chat = (ParsedRequest.Chat) parsed;
            log.recordRequest(entry, chat);
            // After the parsing, because invalid requests do not count against a limit.
            RateWindow.View view = admit(chat.prompt().tokens(), chat.model());
            ErrorRate error = drawError(provider.errors());
            // A whole answer has no middle in which it could fail with an event, so it fails with the status.
            if (error != null && !(error.midStream() && chat.stream())) {
                throw errorResponse(error);
            }
            ChatAnswer answer = new AnswerFactory(script, name, cache, random, ids).answer(chat);
            // A point in time and not a pause: the time that making the answer takes is then part of the latency.
            long firstByte = System.nanoTime() + provider.latency().draw(random).toNanos();
            if (chat.stream()) {
                stream(chat, answer, view, firstByte, error == null ? null : errorResponse(error));
            } else {
                sendWhole(chat, answer, view, firstByte + answer.nanos());
            }
        }

        /** Embeddings take no time after the first byte; an error rate for the middle of a stream fails the whole answer. */
        private void embed(ParsedRequest.Embedding parsed) throws IOException, ErrorResponseException {
            log.recordRequest(entry, parsed);
            RateWindow.View view = admit(parsed.tokens(), parsed.model());
            ErrorRate error = drawError(provider.errors());
            if (error != null) {
                throw errorResponse(error);
            }
            TokenCounts counts = new TokenCounts(parsed.tokens(), 0, 0, 0, 0, 0, 0);
            byte[] body = parsed.format().body(parsed, parsed.vectors(), parsed.tokens());
            long due = System.nanoTime() + provider.latency().draw(random).toNanos();
            sendBody(
                    body,
                    headers("application/json", view),
                    counts,
                    CallCost.of(parsed.model().prices(), counts),
                    due);
        }

        private void checkKey() throws ErrorResponseException {
            String expected = provider.apiKey();
            if (expected != null && endpoints.needsKey(request)) {
                String key = endpoints.key(request);
                if (!expected.equals(key)) {
                    throw endpoints.invalidKey(key);
                }
            }
        }

        private RateWindow.View admit(long tokens, SimulatedModel model) throws ErrorResponseException {
            ErrorResponseException windowError = tokens > model.contextTokens()
                    ? endpoints.contextLengthExceeded(tokens, model.contextTokens())
                    : null;
            // Before the call is counted: a prompt that can never fit uses up no limit.
            if (windowError != null) {
                throw windowError;
            }
            if (provider.outage() == Outage.NO_CREDIT) {
                throw endpoints.noCredit();
            }
            RateWindow.View view =
                    window.count(entry.sinceStartNanos(), Instant.now(), tokens, provider.requestsPerMinute());
            if (view.exceeded()) {
                throw endpoints.error(429, view.untilReset(), CallAction.RATE_LIMITED);
            }
            return view;
        }

        private ErrorResponseException errorResponse(ErrorRate error) {
            return endpoints.error(
                    error.status(), error.retryAfter(), ErrorResponseException.actionFor(error.status()));
        }

        private @Nullable ErrorRate drawError(List<ErrorRate> errors) {
            double draw = random.nextDouble();
            for (ErrorRate error : errors) {
                // One draw for all rates, so that their shares add up; what is left is the share of success.
                draw -= error.share();
                if (draw < 0) {
                    return error;
                }
            }
            return null;
        }

        private void sendWhole(ParsedRequest.Chat chat, ChatAnswer answer, RateWindow.View view, long due)
                throws IOException {
            log.recordToolCalls(entry, answer.calls().size());
            byte[] body = chat.format().whole(chat, answer);
            sendBody(body, headers(chat.format().wholeType(), view), answer.counts(), answer.cost(), due);
        }

        private void sendBody(byte[] body, Map<String, String> headers, TokenCounts counts, CallCost cost, long due)
                throws IOException {
            if (!exchange.pauseUntil(due)) {
                clientLeft();
                return;
            }
            if (provider.outage() == Outage.CUT) {
                finish(200, CallAction.CUT);
                send(() -> exchange.respondPartly(200, headers, body, body.length / 2));
                return;
            }
            if (staysOpen()) {
                exchange.begin(200, headers);
                exchange.writeChunk(Arrays.copyOf(body, provider.outage() == Outage.STALL ? body.length / 2 : 0));
                exchange.flush();
                exchange.awaitHangUp();
                clientLeft();
                return;
            }
            log.recordEnd(entry, 200, CallAction.OK, counts, cost.total(), false);
            send(() -> exchange.respond(200, headers, body));
        }

        /** Whether the answer never ends, and its connection stays open. */
        private boolean staysOpen() {
            return provider.outage() == Outage.MUTE || provider.outage() == Outage.STALL;
        }

        private void clientLeft() throws IOException {
            log.recordEnd(entry, 0, CallAction.HUNG_UP, TokenCounts.NONE, 0, true);
            exchange.abort();
        }

        private void stream(
                ParsedRequest.Chat chat,
                ChatAnswer answer,
                RateWindow.View view,
                long firstByte,
                @Nullable ErrorResponseException failure)
                throws IOException {
            if (!exchange.pauseUntil(firstByte)) {
                clientLeft();
                return;
            }
            List<StreamPlan.Step> steps = StreamPlan.of(chat.format(), answer, provider.tokensPerChunk());
            int end = end(steps.size(), failure != null);
            AnswerStreamWriter writer = chat.format().stream(chat, answer);
            // Kept for the cost: a stream that ends early is billed for what was written.
            StreamPlan.Step sent = StreamPlan.before(answer);
            boolean listening = true;
            try {
                exchange.begin(200, headers(chat.format().streamType(), view));
                exchange.writeChunk(writer.open());
                for (int index = 0; index < end && listening; index++) {
                    StreamPlan.Step step = steps.get(index);
                    listening = pace(firstByte, step.tokens());
                    if (listening) {
                        byte[] chunk = step.writer().write(writer);
                        exchange.writeChunk(index == steps.size() / 2 ? disturbed(chunk) : chunk);
                        sent = step;
                    }
                }
                if (listening && staysOpen()) {
                    exchange.flush();
                    exchange.awaitHangUp();
                    listening = false;
                }
            } catch (IOException e) {
                // Writing failed, which is a client that hung up; its call is still recorded below with its cost.
                listening = false;
            }
            if (!listening) {
                finishEarly(chat, answer, sent, CallAction.HUNG_UP);
                exchange.abort();
            } else if (provider.outage() == Outage.CUT) {
                finishEarly(chat, answer, sent, CallAction.CUT);
                send(exchange::abort);
            } else if (failure != null) {
                finishEarly(chat, answer, sent, failure.action());
                send(() -> {
                    exchange.writeChunk(writer.fail(endpoints.errorBody(failure.body(), ids)));
                    exchange.end();
                });
            } else {
                log.recordToolCalls(entry, answer.calls().size());
                log.recordEnd(
                        entry,
                        200,
                        CallAction.OK,
                        answer.counts(),
                        answer.cost().total(),
                        false);
                send(() -> {
                    exchange.writeChunk(writer.close());
                    exchange.end();
                });
            }
        }

        private byte[] disturbed(byte[] chunk) {
            if (provider.outage() != Outage.NOISE && provider.outage() != Outage.BROKEN_EVENT) {
                return chunk;
            }
            String text = new String(chunk, StandardCharsets.UTF_8);
            int object = text.indexOf('{');
            int end = text.indexOf('\n', object);
            // What separates events of this format, as it stands behind the first one.
            String separator = text.startsWith("{") ? "\n" : "\n\n";
            if (provider.outage() == Outage.NOISE) {
                return SimulatorJson.utf8((text.startsWith("{") ? "" : "data: ") + "{not json" + separator + text);
            }
            return SimulatorJson.utf8(text.substring(0, object + (end - object) / 2) + separator);
        }

        /** How many chunks are sent: half of them where the client shall have some text and still miss some. */
        private int end(int all, boolean fails) {
            if (provider.outage() == Outage.MUTE) {
                return 0;
            }
            boolean endsEarly = fails || provider.outage() == Outage.CUT || provider.outage() == Outage.STALL;
            return endsEarly ? all / 2 : all;
        }

        /** Waits until that many output tokens are due; flushes first, so that the client does not receive a chunk one pause late. */
        private boolean pace(long firstByte, long tokens) throws IOException {
            if (provider.perToken().isZero()) {
                return true;
            }
            exchange.flush();
            return exchange.pauseUntil(firstByte + provider.perToken().toNanos() * tokens);
        }

        /** Records a stream that ends early, with the cost of what was sent. */
        private void finishEarly(ParsedRequest.Chat chat, ChatAnswer answer, StreamPlan.Step sent, CallAction action) {
            TokenCounts counts = answer.counts().withOutput(sent.text(), sent.reasoning());
            long costPicoUsd = chat.format().cost(chat.model().prices(), counts).total();
            log.recordEnd(entry, 200, action, counts, costPicoUsd, action == CallAction.HUNG_UP);
        }

        private void finish(int status, CallAction action) {
            log.recordEnd(entry, status, action, TokenCounts.NONE, 0, false);
        }

        private RateWindow.View currentWindow() {
            return window.view(entry.sinceStartNanos(), Instant.now(), provider.requestsPerMinute());
        }

        private Map<String, String> headers(String contentType, RateWindow.View view) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("date", HttpDate.now());
            headers.put("content-type", contentType);
            headers.put("x-simulator-request-id", ids.request());
            endpoints.addHeaders(headers, ids, view);
            return headers;
        }

        private void send(SendAction action) throws IOException {
            try {
                action.run();
            } catch (IOException e) {
                log.recordHangUp(entry);
                // Thrown again, so that the server closes the connection instead of reading another request from it.
                throw e;
            }
        }
    }

    private interface SendAction {
        void run() throws IOException;
    }

    /** The {@code Date} header, formatted once a second, because its text does not change in between. */
    private static final class HttpDate {

        private static volatile long second;
        private static volatile String text = "";

        static String now() {
            Instant now = Instant.now();
            // Two threads may both format it, with the same result. The text is set first, since a new second makes it
            // valid.
            if (now.getEpochSecond() != second) {
                text = DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC));
                second = now.getEpochSecond();
            }
            return text;
        }
    }
}
