package dev.architect.server.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.model.WireFormat;
import dev.architect.request.Cancellation;
import dev.architect.request.PromptTokens;
import dev.architect.request.RequestScope;
import dev.architect.route.UnservableRequestException;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.gateway.dialect.AnswerHeaders;
import dev.architect.server.gateway.dialect.AnswerStream;
import dev.architect.server.gateway.dialect.ClientDialect;
import dev.architect.server.gateway.dialect.ClientFields;
import dev.architect.server.gateway.dialect.ClientGoneException;
import dev.architect.server.gateway.dialect.CountingDialect;
import dev.architect.server.gateway.dialect.ErrorDialect;
import dev.architect.server.gateway.dialect.EventSink;
import dev.architect.server.gateway.dialect.GatewayFailure;
import dev.architect.server.gateway.dialect.GatewayFailures;
import dev.architect.server.gateway.dialect.GatewayRequest;
import dev.architect.server.gateway.dialect.RequestWishes;
import dev.architect.server.gateway.dialect.VendorHeaders;
import dev.architect.server.gateway.dialect.VendorStream;
import dev.architect.server.gateway.openai.OpenAiEmbeddings;
import dev.architect.server.network.ClientConnection;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.UsageSource;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Makes the requests of clients and writes what comes of them. A few requests wait for their providers on threads of the HTTP server, which
 * saves them from being handed over; all others hold none, so that the pages are answered whatever the providers do. A request is cancelled
 * when its client closes the connection. There are as many at once as there are connections. Safe for use by several threads.
 */
final class GatewayCalls {

    private static final String OVERHEAD = "architect-overhead-ms";
    private static final String SHOULD_RETRY = "x-should-retry";

    /** How many threads of the HTTP server may wait for providers: a half of them. */
    private static final int OWN_THREADS = 64;

    private final Architect architect;
    private final ThreadRunner runner;
    private final TimeSource time;
    private final StreamPings pings;
    private final Semaphore ownThreads = new Semaphore(OWN_THREADS);

    GatewayCalls(Architect architect, ThreadRunner runner, TimeSource time) {
        this.architect = architect;
        this.runner = runner;
        this.time = time;
        this.pings = new StreamPings(runner, time);
    }

    void start() {
        pings.start();
    }

    /** Answers a request in {@code dialect}, whole or as it comes. */
    void answer(Context context, ClientDialect dialect) {
        begin(context, dialect.errors(), body -> read(context, dialect, body), request -> {
            if (request.parsed.isStreamed()) {
                stream(context, dialect, request);
            } else {
                answerWhole(context, dialect, request);
            }
        });
    }

    /** What no route could follow, a provider of the client's own vendor may; what a header asks of that vendor, no other one does. */
    private GatewayRequest read(Context context, ClientDialect dialect, ObjectNode body) {
        Map<String, String> headers = VendorHeaders.read(context, dialect.vendorHeaders());
        Optional<GatewayRequest> own = headers.isEmpty() ? Optional.empty() : readVendorBody(dialect, body, headers);
        if (own.isPresent()) {
            return own.get();
        }
        try {
            return dialect.read(body).ignoring(headers.keySet());
        } catch (ApiException refusal) {
            if (!refusal.code().equals(ClientFields.NOT_MAPPED)) {
                throw refusal;
            }
            return readVendorBody(dialect, body, headers).orElseThrow(() -> refusal);
        }
    }

    private Optional<GatewayRequest> readVendorBody(
            ClientDialect dialect, ObjectNode body, Map<String, String> headers) {
        return dialect.readVendorBody(body, headers).filter(request -> isServed(request.chat()));
    }

    private boolean isServed(ChatRequest request) {
        try {
            return !architect.route(request).candidates().isEmpty();
        } catch (UnservableRequestException notOfThisVendor) {
            return false;
        }
    }

    /** Counts the tokens of a prompt. */
    void count(Context context, CountingDialect dialect) {
        begin(context, dialect.errors(), dialect::readPrompt, request -> {
            PromptTokens counted = architect.countTokens(request.chat, request.scope);
            context.header("architect-model", counted.model().model());
            context.header("architect-provider", counted.model().provider());
            context.header("architect-count", counted.source() == UsageSource.REPORTED ? "provider" : "estimate");
            JsonResponseWriter.write(context, dialect.count(counted.tokens()));
        });
    }

    /** Turns texts into vectors. */
    void embed(Context context, OpenAiEmbeddings dialect) {
        AtomicReference<OpenAiEmbeddings.Wanted> read = new AtomicReference<>();
        Function<ObjectNode, GatewayRequest> reader = body -> {
            OpenAiEmbeddings.Wanted wanted = dialect.read(body);
            read.set(wanted);
            return wanted.request();
        };
        begin(context, dialect.errors(), reader, request -> {
            OpenAiEmbeddings.Wanted wanted = Objects.requireNonNull(read.get());
            EmbeddingResponse answer = architect.embed(wanted.embedding(request.chat.selection()), request.scope);
            new AnswerHeaders(request.parsed).put(context::header, answer);
            JsonResponseWriter.write(context, dialect.answer(wanted, answer));
            putOverhead(context, request);
        });
    }

    /** Reads a request, and does {@code work}: on this thread, or on another one when many of these are taken already. */
    private void begin(Context context, ErrorDialect errors, Function<ObjectNode, GatewayRequest> reader, Work work) {
        Request request;
        try {
            long begunAt = time.nanoTime();
            ObjectNode body = JsonBodyReader.read(context);
            RequestWishes wishes = RequestWishes.read(context);
            GatewayRequest parsed = reader.apply(body);
            Cancellation cancellation = Cancellation.create();
            RequestScope wanted = wishes.scope(parsed, cancellation);
            RequestScope scope =
                    wanted.withAttribution(AccessFilter.principal(context).attributed(wanted.attribution()));
            request = new Request(parsed, wishes.apply(parsed.chat()), scope, wishes.wantsDetails(), begunAt);
        } catch (RuntimeException wrong) {
            writeError(context, GatewayFailures.of(wrong), errors);
            return;
        }
        if (ownThreads.tryAcquire()) {
            try {
                work(context, errors, request, work);
            } finally {
                ownThreads.release();
            }
            return;
        }
        context.future(() -> {
            CompletableFuture<Void> done = new CompletableFuture<>();
            runner.run(
                    "gateway",
                    () -> {
                        try {
                            work(context, errors, request, work);
                            done.complete(null);
                        } catch (Throwable unexpected) {
                            done.completeExceptionally(unexpected);
                        }
                    },
                    done::completeExceptionally);
            return done;
        });
    }

    private void work(Context context, ErrorDialect errors, Request request, Work work) {
        try {
            ClientConnection.Watch watch = watch(context, request.scope.cancellation());
            try {
                work.run(request);
            } finally {
                // Before the request ends, so that the connection is free for its next one.
                watch.close();
            }
        } catch (ClientGoneException gone) {
            // The connection is closed, so nothing is written.
        } catch (RuntimeException failed) {
            if (!request.scope.cancellation().isCancelled()) {
                writeError(context, GatewayFailures.of(failed), errors);
            }
        }
    }

    private static ClientConnection.Watch watch(Context context, Cancellation cancellation) {
        if (context.req().getAttribute(ClientConnection.ATTRIBUTE) instanceof ClientConnection connection) {
            return connection.watch(cancellation::cancel);
        }
        throw new IllegalStateException("the request has no connection");
    }

    private void answerWhole(Context context, ClientDialect dialect, Request request) {
        ChatResponse answer = architect.chat(request.chat, request.scope);
        new AnswerHeaders(request.parsed).put(context::header, answer);
        if (answer.wire().isEmpty()) {
            JsonResponseWriter.write(context, dialect.answer(request.parsed, answer, time.wallTime()));
        } else {
            context.contentType("application/json").result(answer.wire());
        }
        putOverhead(context, request);
    }

    private void stream(Context context, ClientDialect dialect, Request request) {
        EventSink sink = new EventSink(context, time, () -> putOverhead(context, request));
        AnswerStream stream = dialect.stream(request.parsed, sink, time.wallTime());
        if (request.chat.wireBody().isPresent()) {
            boolean hidesUsage =
                    request.chat.wireBody().get().format() == WireFormat.OPENAI_CHAT && !request.parsed.wantsUsage();
            stream = new VendorStream(request.parsed, sink, hidesUsage, stream);
        }
        StreamPings.Registration registration = pings.add(sink, stream);
        try {
            ChatResponse answer = architect.chat(request.chat, request.scope, stream);
            stream.complete(answer, request.wantsDetails ? Optional.of(details(answer)) : Optional.empty());
        } catch (ClientGoneException gone) {
            throw gone;
        } catch (RuntimeException failed) {
            if (!sink.hasBegun()) {
                throw failed;
            }
            if (!request.scope.cancellation().isCancelled()) {
                GatewayFailure failure = GatewayFailures.of(failed).afterContent();
                stream.fail(failure, stream.requestId().isEmpty() ? newId() : stream.requestId());
            }
        } finally {
            registration.close();
        }
    }

    /** How long the request was here and not at a provider, so far. */
    private void putOverhead(Context context, Request request) {
        long now = time.nanoTime();
        long whole = now - request.begunAt;
        long own = Math.max(
                0,
                Math.min(whole, whole - request.scope.providerWait().until(now).toNanos()));
        context.header(OVERHEAD, BigDecimal.valueOf(own / 1_000, 3).toPlainString());
    }

    private static String details(ChatResponse answer) {
        ObjectNode json = JsonResponseWriter.object()
                .put("requestId", answer.requestId())
                .put("model", answer.model().toString())
                .put("attempts", answer.calls());
        JsonResponseWriter.putUsd(json, "costUsd", answer.cost().answer().amount());
        JsonResponseWriter.putUsd(json, "spentUsd", answer.cost().spent());
        JsonResponseWriter.putUsd(json, "baselineUsd", answer.cost().baseline().amount());
        return "architect " + json;
    }

    /** Writes an error in the words of {@code dialect}. */
    void writeError(Context context, GatewayFailure failure, ErrorDialect dialect) {
        String id = newId();
        context.header("x-request-id", id).header("request-id", id);
        if (failure.isFinal()) {
            context.header(SHOULD_RETRY, "false");
        }
        Duration wait = failure.retryAfter();
        if (wait != null) {
            context.header(
                    "Retry-After",
                    Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
            context.header("retry-after-ms", Long.toString(Math.max(1, wait.toMillis())));
        }
        if (failure.calls() > 0) {
            context.header("architect-attempts", Integer.toString(failure.calls()));
        }
        context.status(dialect.status(failure.kind()));
        JsonResponseWriter.write(context, dialect.body(failure, id));
    }

    /** Names a request that got no id of a router. */
    private String newId() {
        return Long.toHexString(time.random(Long.MAX_VALUE));
    }

    private record Request(
            GatewayRequest parsed, ChatRequest chat, RequestScope scope, boolean wantsDetails, long begunAt) {}

    @FunctionalInterface
    private interface Work {
        void run(Request request);
    }
}
