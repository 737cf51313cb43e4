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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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
 * <p>Each request goes the same way: outage, key, what is asked, rate limit and error rates, latency, answer. The script
 * is read once, at arrival; a later change does not reach calls that are already under way. The log is complete before
 * the last bytes of an answer leave, so a client that compares its own figures with the log never finds it behind.
 */
final class CallHandler implements RawHttpServer.Handler {

    private static final Map<String, ProviderEndpoints> WIRES = Map.of(
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
        ProviderEndpoints wire = WIRES.get(name);
        if (wire != null) {
            RawRequest inner = request.below("/" + name);
            SimulatorScript now = script.get();
            CallLog.Entry entry = log.arrive(name, inner.path(), now.seed());
            new Call(name, wire, inner, exchange, now, entry).run();
        } else if (name.equals("control")) {
            control.handle(request.below("/control"), exchange);
        } else {
            byte[] text = SimulatorJson.utf8(
                    "unknown base path, expected /control or one of " + SimulatorScript.PROVIDERS + "\n");
            exchange.respond(404, Map.of("content-type", "text/plain"), text);
        }
    }

    /** One request on its way to an answer. */
    private final class Call {

        private final String name;
        private final ProviderEndpoints wire;
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
                ProviderEndpoints wire,
                RawRequest request,
                RawHttpServer.Exchange exchange,
                SimulatorScript script,
                CallLog.Entry entry) {
            this.name = name;
            this.wire = wire;
            this.request = request;
            this.exchange = exchange;
            this.script = script;
            this.provider = script.provider(name);
            this.entry = entry;
            this.window = Objects.requireNonNull(windows.get(name), name);
            this.ids = new ResponseIds(script.seed(), entry.number());
            this.random = new SplittableRandom(script.seed() * 1_000_003 + entry.number());
        }

        void run() throws IOException {
            try {
                if (provider.outage() == Outage.REFUSE) {
                    finish(0, CallAction.RESET);
                    exchange.reset();
                } else if (provider.outage() == Outage.SILENT) {
                    finish(0, CallAction.SILENT);
                    exchange.hold();
                    log.hungUp(entry);
                } else {
                    answer();
                }
            } catch (ErrorResponseException refusal) {
                finish(refusal.status(), refusal.action());
                Map<String, String> headers = headers("application/json", peek());
                headers.putAll(refusal.headers());
                send(() -> exchange.respond(
                        refusal.status(), headers, SimulatorJson.bytes(wire.refusalBody(refusal.body(), ids))));
            }
        }

        private void answer() throws IOException, ErrorResponseException {
            if (provider.outage() == Outage.HTTP_503) {
                throw wire.failure(503, null, CallAction.HTTP_503);
            }
            checkKey();
            ParsedRequest wanted = wire.read(request, provider);
            if (wanted instanceof ParsedRequest.Document document) {
                Map<String, String> headers = headers(document.type(), peek());
                if (provider.outage() == Outage.CUT) {
                    finish(200, CallAction.CUT);
                    send(() -> exchange.respondPartly(200, headers, document.body(), document.body().length / 2));
                } else {
                    finish(200, CallAction.OK);
                    send(() -> exchange.respond(200, headers, document.body()));
                }
                return;
            }
            if (wanted instanceof ParsedRequest.Embedding embedding) {
                embed(embedding);
                return;
            }
            ParsedRequest.Chat chat = (ParsedRequest.Chat) wanted;
            log.asked(entry, chat);
            RateWindow.View view = admit(chat.prompt().tokens(), chat.model());
            ErrorRate error = drawError(provider.errors());
            if (error != null && !(error.midStream() && chat.stream())) {
                throw failure(error);
            }
            ChatAnswer answer = new AnswerFactory(script, name, cache, random, ids).answer(chat);
            long firstByte = System.nanoTime() + provider.latency().draw(random).toNanos();
            if (chat.stream()) {
                stream(chat, answer, view, firstByte, error == null ? null : failure(error));
            } else {
                plain(chat, answer, view, firstByte + answer.nanos());
            }
        }

        /** Embeddings take no time beyond the first byte, and a failure in mid-stream is one of the whole answer. */
        private void embed(ParsedRequest.Embedding wanted) throws IOException, ErrorResponseException {
            log.asked(entry, wanted);
            RateWindow.View view = admit(wanted.tokens(), wanted.model());
            ErrorRate error = drawError(provider.errors());
            if (error != null) {
                throw failure(error);
            }
            TokenCounts counts = new TokenCounts(wanted.tokens(), 0, 0, 0, 0, 0, 0);
            byte[] body = wanted.format().body(wanted, wanted.vectors(), wanted.tokens());
            long due = System.nanoTime() + provider.latency().draw(random).toNanos();
            whole(
                    body,
                    headers("application/json", view),
                    counts,
                    CallCost.exact(wanted.model().prices(), counts),
                    due);
        }

        private void checkKey() throws ErrorResponseException {
            String expected = provider.apiKey();
            if (expected != null && wire.needsKey(request)) {
                String key = wire.key(request);
                if (!expected.equals(key)) {
                    throw wire.badKey(key);
                }
            }
        }

        private RateWindow.View admit(long tokens, SimulatedModel model) throws ErrorResponseException {
            ErrorResponseException tooLong =
                    tokens > model.contextTokens() ? wire.tooLong(tokens, model.contextTokens()) : null;
            if (tooLong != null) {
                throw tooLong;
            }
            RateWindow.View view =
                    window.count(entry.sinceStartNanos(), Instant.now(), tokens, provider.requestsPerMinute());
            if (view.exceeded()) {
                throw wire.failure(429, view.untilReset(), CallAction.RATE_LIMITED);
            }
            return view;
        }

        private ErrorResponseException failure(ErrorRate error) {
            return wire.failure(error.status(), error.retryAfter(), ErrorResponseException.actionOf(error.status()));
        }

        private @Nullable ErrorRate drawError(List<ErrorRate> errors) {
            double draw = random.nextDouble();
            for (ErrorRate error : errors) {
                draw -= error.share();
                if (draw < 0) {
                    return error;
                }
            }
            return null;
        }

        private void plain(ParsedRequest.Chat chat, ChatAnswer answer, RateWindow.View view, long due)
                throws IOException {
            log.calls(entry, answer.calls().size());
            byte[] body = chat.format().plain(chat, answer);
            whole(body, headers(chat.format().plainType(), view), answer.counts(), answer.bill(), due);
        }

        private void whole(byte[] body, Map<String, String> headers, TokenCounts counts, CallCost bill, long due)
                throws IOException {
            if (!exchange.pauseUntil(due)) {
                neverAnswered();
                return;
            }
            if (provider.outage() == Outage.CUT) {
                finish(200, CallAction.CUT);
                send(() -> exchange.respondPartly(200, headers, body, body.length / 2));
                return;
            }
            log.finish(entry, 200, CallAction.OK, counts, bill.total(), false);
            send(() -> exchange.respond(200, headers, body));
        }

        private void neverAnswered() throws IOException {
            log.finish(entry, 0, CallAction.HUNG_UP, TokenCounts.NONE, 0, true);
            exchange.cut();
        }

        private void stream(
                ParsedRequest.Chat chat,
                ChatAnswer answer,
                RateWindow.View view,
                long firstByte,
                @Nullable ErrorResponseException failure)
                throws IOException {
            if (!exchange.pauseUntil(firstByte)) {
                neverAnswered();
                return;
            }
            List<StreamPlan.Step> steps = StreamPlan.of(chat.format(), answer, provider.tokensPerPiece());
            boolean broken = provider.outage() == Outage.CUT || failure != null;
            int end = broken ? steps.size() / 2 : steps.size();
            AnswerStreamWriter writer = chat.format().stream(chat, answer);
            StreamPlan.Step sent = StreamPlan.before(answer);
            boolean listening = true;
            try {
                exchange.begin(200, headers(chat.format().streamType(), view));
                exchange.piece(writer.open());
                for (int index = 0; index < end && listening; index++) {
                    StreamPlan.Step step = steps.get(index);
                    listening = pace(firstByte, step.tokens());
                    if (listening) {
                        exchange.piece(step.writing().by(writer));
                        sent = step;
                    }
                }
            } catch (IOException e) {
                listening = false;
            }
            if (!listening) {
                finishEarly(chat, answer, sent, CallAction.HUNG_UP);
                exchange.cut();
            } else if (provider.outage() == Outage.CUT) {
                finishEarly(chat, answer, sent, CallAction.CUT);
                send(exchange::cut);
            } else if (failure != null) {
                finishEarly(chat, answer, sent, failure.action());
                send(() -> {
                    exchange.piece(writer.fail(wire.refusalBody(failure.body(), ids)));
                    exchange.end();
                });
            } else {
                log.calls(entry, answer.calls().size());
                log.finish(
                        entry,
                        200,
                        CallAction.OK,
                        answer.counts(),
                        answer.bill().total(),
                        false);
                send(() -> {
                    exchange.piece(writer.close());
                    exchange.end();
                });
            }
        }

        /** Waits until so many output tokens are due; what was written before goes out first. */
        private boolean pace(long firstByte, long tokens) throws IOException {
            if (provider.perToken().isZero()) {
                return true;
            }
            exchange.flush();
            return exchange.pauseUntil(firstByte + provider.perToken().toNanos() * tokens);
        }

        /** Bills a stream that ends before its answer does for what was sent. */
        private void finishEarly(ParsedRequest.Chat chat, ChatAnswer answer, StreamPlan.Step sent, CallAction action) {
            TokenCounts counts = answer.counts().withOutput(sent.text(), sent.reasoning());
            long billed = chat.format().bill(chat.model().prices(), counts).total();
            log.finish(entry, 200, action, counts, billed, action == CallAction.HUNG_UP);
        }

        private void finish(int status, CallAction action) {
            log.finish(entry, status, action, TokenCounts.NONE, 0, false);
        }

        private RateWindow.View peek() {
            return window.peek(entry.sinceStartNanos(), Instant.now(), provider.requestsPerMinute());
        }

        private Map<String, String> headers(String contentType, RateWindow.View view) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("date", HttpDate.now());
            headers.put("content-type", contentType);
            headers.put("x-simulator-request-id", ids.request());
            wire.headers(headers, ids, view);
            return headers;
        }

        private void send(Sending sending) throws IOException {
            try {
                sending.run();
            } catch (IOException e) {
                log.hungUp(entry);
                throw e;
            }
        }
    }

    private interface Sending {
        void run() throws IOException;
    }

    /** The {@code Date} header, made once a second. */
    private static final class HttpDate {

        private static volatile long second;
        private static volatile String text = "";

        static String now() {
            Instant now = Instant.now();
            if (now.getEpochSecond() != second) {
                text = DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC));
                second = now.getEpochSecond();
            }
            return text;
        }
    }
}
