package dev.architect.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.chat.Tool;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.model.WireBody;
import dev.architect.provider.http.json.BoundedJsonCodec;
import dev.architect.provider.http.json.ToolSchemaCompleter;
import dev.architect.provider.http.message.CallProgress;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.ReplySource;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.transport.ApiKeyHeader;
import dev.architect.provider.http.transport.HttpEndpoint;
import dev.architect.provider.http.transport.HttpTransport;
import dev.architect.provider.http.transport.OkHttpTransport;
import dev.architect.provider.http.transport.ReplySourceTransport;
import dev.architect.provider.http.transport.TransportCall;
import dev.architect.request.CallLimits;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.CapabilityGuard;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One provider's HTTP endpoint. Calls block their thread, follow no redirect, and fail with a {@link ProviderException} whose
 * delivery status shows whether the provider may have seen them. Interrupting the thread closes the connection.
 *
 * <p>Calls are sent once. Only a request whose connection was in use before and dies before any byte of a reply is sent once
 * more, on a new connection; answer and failure state it.
 *
 * <p>Safe for use by several threads.
 */
public final class ProviderHttp implements AutoCloseable {

    private static final String JSON = "application/json";

    private final String provider;
    private final CapabilityGuard guard;
    private final HttpLimits limits;
    private final BoundedJsonCodec json;
    private final ReplyReader replies;
    private final HttpTransport transport;

    private ProviderHttp(Builder builder) {
        this.provider = builder.provider;
        this.guard = new CapabilityGuard(provider);
        this.limits = builder.limits;
        this.json = new BoundedJsonCodec(limits);
        this.replies = new ReplyReader(limits, json, builder.errors);
        this.transport = builder.replySourceOrNull == null
                ? new OkHttpTransport(builder.endpoint(), limits, json)
                : new ReplySourceTransport(builder.replySourceOrNull, builder.apiKey, limits);
    }

    /**
     * Returns a builder of an endpoint.
     *
     * @param provider the provider's name in model ids
     * @param baseUrl what the paths of requests follow: {@code http} or {@code https}, without query
     */
    public static Builder builder(String provider, URI baseUrl) {
        return new Builder(provider, baseUrl);
    }

    /** The provider's name in model ids, and before the dot in the names of a request's options. */
    public String provider() {
        return provider;
    }

    /** Returns what rejects calls that need what a model lacks. */
    public CapabilityGuard guard() {
        return guard;
    }

    /**
     * Returns the JSON object that a field of the request holds as text.
     *
     * @param field what holds it, for the message
     * @throws ProviderException of kind {@code INVALID_REQUEST}, before anything is sent, when it is not one
     */
    public JsonNode object(ProviderCall call, String field, String text) {
        return json.object(text).orElseThrow(() -> guard.invalid(call, field + " is not a JSON object, expected one"));
    }

    /**
     * Returns what a call sends whose body a client wrote: that body, with the call's model.
     *
     * @throws ProviderException of kind {@code INVALID_REQUEST}, before anything is sent, when it is not a JSON object
     */
    public ObjectNode wireBody(ProviderCall call, WireBody body, boolean isStreamed) {
        ObjectNode sent = (ObjectNode) object(call, "wireBody", body.json());
        sent.put("model", call.model());
        if (isStreamed) {
            sent.put("stream", true);
        } else {
            sent.remove("stream");
        }
        return sent;
    }

    /**
     * Returns the request of a call whose body a client wrote: that body, with the call's model, and the client's headers.
     *
     * @param sent what {@link #wireBody} has returned
     */
    public HttpRequest wireRequest(String path, ObjectNode sent, WireBody body) {
        HttpRequest request = HttpRequest.post(path, sent);
        for (Map.Entry<String, String> header : body.headers().entrySet()) {
            request = request.header(header.getKey(), header.getValue());
        }
        return request;
    }

    /**
     * Returns the schema of a tool's arguments as one of an object whose every object has {@code properties} and every array {@code
     * items}: the schema of a tool without parameters may be empty, which most vendors refuse.
     *
     * @throws ProviderException of kind {@code INVALID_REQUEST}, before anything is sent, when it is not a JSON object
     */
    public ObjectNode toolSchema(ProviderCall call, Tool tool) {
        return ToolSchemaCompleter.complete(
                (ObjectNode) object(call, "inputSchema of tool " + tool.name(), tool.inputSchema()));
    }

    /**
     * Returns the arguments of a tool call of the conversation, for vendors that take them as an object; blank ones are empty.
     *
     * @throws ProviderException of kind {@code UNSUPPORTED}, before anything is sent, when they are not one: a model wrote them,
     *     and vendors that take them as text can go on
     */
    public JsonNode arguments(ProviderCall call, Part.ToolCall toolCall) {
        return json.object(toolCall.arguments().isBlank() ? "{}" : toolCall.arguments())
                .orElseThrow(() -> unsupported(
                        call, "arguments of tool call " + toolCall.name() + " are not a JSON object, expected one"));
    }

    /** Returns a failure of kind {@code UNSUPPORTED}; the explanation is without prompt text. */
    public ProviderException unsupported(ProviderCall call, String explanation) {
        return guard.unsupported(call, explanation);
    }

    /** Returns a failure of kind {@code UNSUPPORTED}; the explanation is without prompt text. */
    public ProviderException unsupported(EmbeddingCall call, String explanation) {
        return guard.unsupported(call, explanation);
    }

    /** Sends {@code request} and returns what {@code reader} makes of the JSON object that comes back. */
    public ProviderAnswer chat(ProviderCall call, HttpRequest request, AnswerReader reader) {
        // A whole answer has no listener: its caller gets everything at once.
        AnswerAssembler answer = AnswerAssembler.silent(model(call), call.request());
        // The head of a whole answer may come no sooner than its end.
        CallLimits within = CallLimits.within(call.timeout());
        TransportCall sent = transportCall(answer, call.request(), request, JSON, within);
        return transport.run(sent, reply -> {
            JsonNode object = replies.object(reply, sent.exchange());
            ProviderAnswer read = reader.read(object, sent.exchange());
            return call.request().wireBody().isPresent() ? read.withWire(object.toString()) : read;
        });
    }

    /**
     * Sends {@code request}, feeds the events that come back to a reader, and returns its answer. A stream that ends while the
     * reader expects more fails with kind {@code PROTOCOL}, and so does one with an event that is not JSON, unless that cannot have
     * been a part of the answer: then it is passed over and counted ({@code Transmission.skippedEvents}).
     *
     * @param readers makes the reader of this call
     */
    public ProviderAnswer stream(
            ProviderCall call,
            HttpRequest request,
            StreamFormat format,
            ChatListener listener,
            Function<Exchange, StreamReader> readers) {
        AnswerAssembler parts = AnswerAssembler.of(model(call), call.request(), listener);
        TransportCall sent = transportCall(parts, call.request(), request, format.mediaType(), call.limits())
                .withListener(listener);
        Exchange exchange = sent.exchange();
        StreamReader reader = call.request().wireBody().isPresent()
                ? new WireTap(readers.apply(exchange), listener)
                : readers.apply(exchange);
        SkippedEvents skipped = new SkippedEvents(exchange);
        return transport.run(sent, reply -> {
            replies.answerEvents(replies.body(reply, exchange), format, exchange, reader, skipped);
            ProviderAnswer answer = skipped.reportedIn(reader.answer());
            // After answer(): a stream that turns out to be incomplete fails before its listener is informed of an end.
            parts.finish(answer.stopReason());
            return answer;
        });
    }

    /**
     * Sends {@code request} and returns what {@code reader} makes of the JSON object that comes back: lists of models, counts of
     * tokens, vectors.
     *
     * @param model what the request is about, for failures
     */
    public <T> T call(String model, HttpRequest request, Duration timeout, BiFunction<JsonNode, Exchange, T> reader) {
        TransportCall sent = transportCall(empty(model), null, request, JSON, CallLimits.within(timeout));
        return transport.run(sent, reply -> reader.apply(replies.object(reply, sent.exchange()), sent.exchange()));
    }

    /**
     * Sends {@code request} and hands the events that come back to {@code reader} until it is done: for long work that reports
     * its progress. What comes is read and let go, so its whole size has no limit, only that of an event has.
     *
     * @param model what the request is about, for failures
     */
    public void streamProgress(
            String model,
            HttpRequest request,
            StreamFormat format,
            Duration timeout,
            BiFunction<StreamEvent, Exchange, StreamReader.Progress> reader) {
        TransportCall sent = transportCall(empty(model), null, request, format.mediaType(), CallLimits.within(timeout));
        Exchange exchange = sent.exchange();
        transport.run(sent, reply -> {
            // Not through body(), which limits the whole size: the pull of a large model reports progress for a long
            // time.
            replies.check(reply, exchange);
            replies.events(reply.body(), format, exchange, event -> reader.apply(event, exchange));
            return exchange;
        });
    }

    /**
     * Sends {@code request} as a health probe. A provider is usable when it answers with success and {@code healthy} holds.
     * Never throws for a provider that is down or whose key is missing.
     *
     * @param healthy looks at the body; a missing value when it is not JSON
     * @throws ProviderException of kind {@code CANCELLED} when the thread is interrupted
     */
    public ProviderHealth probe(HttpRequest request, Predicate<JsonNode> healthy) {
        CallLimits within = CallLimits.within(limits.probeTimeout());
        TransportCall sent = transportCall(empty("probe"), null, request, JSON, within);
        try {
            return transport.run(sent, reply -> {
                JsonNode body =
                        json.lenient(replies.body(reply, sent.exchange()).readAllBytes());
                return healthy.test(body)
                        ? ProviderHealth.up()
                        : ProviderHealth.unusable("the probe was answered with something else");
            });
        } catch (ProviderException failure) {
            // The probing thread was stopped, which shows nothing about the provider.
            if (failure.kind() == FailureKind.CANCELLED) {
                throw failure;
            }
            // An error that was answered proves that the service is reachable: the key or the account is at fault, not
            // the network.
            return failure.delivery() == DeliveryStatus.ANSWERED
                    ? ProviderHealth.unusable(String.valueOf(failure.getMessage()))
                    : ProviderHealth.down(String.valueOf(failure.getMessage()));
        }
    }

    /** Only streams have limits inside the reply: a whole answer may take its call's whole time before its first byte. */
    private static TransportCall transportCall(
            AnswerAssembler answer,
            @Nullable ChatRequest requestOrNull,
            HttpRequest request,
            String accept,
            CallLimits limits) {
        CallProgress progress = new CallProgress();
        Exchange exchange = new Exchange(answer, requestOrNull, progress);
        HttpTransport.Idle idle = accept.equals(JSON) ? HttpTransport.Idle.UNLIMITED : HttpTransport.Idle.LIMITED;
        return new TransportCall(exchange, progress, request, accept, limits, idle);
    }

    /** Cancels calls in flight and closes every connection. Calling it twice does nothing more. */
    @Override
    public void close() {
        transport.close();
    }

    private AnswerAssembler empty(String subject) {
        return AnswerAssembler.empty(new ModelId(provider, subject));
    }

    private ModelId model(ProviderCall call) {
        return new ModelId(provider, call.model());
    }

    /** Collects what an endpoint needs. Not safe for use by several threads. */
    public static final class Builder {
        private final String provider;
        private final URI baseUrl;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private HttpLimits limits = HttpLimits.defaults();
        private ErrorReader errors = ErrorReader.byStatus();
        // Servers in the own network may need no key at all, so the default is an empty optional one.
        private ApiKeyHeader apiKey = new ApiKeyHeader("authorization", "", name -> Optional.empty(), "", false);

        private @Nullable ReplySource replySourceOrNull;

        private Builder(String provider, URI baseUrl) {
            this.provider = provider;
            this.baseUrl = OkHttpTransport.checkBaseUrl(baseUrl);
        }

        /** Limits of calls; {@link HttpLimits#defaults()} by default. */
        public Builder limits(HttpLimits value) {
            this.limits = value;
            return this;
        }

        /** Answers calls in place of the network, for tests; null, the default, sends them. */
        public Builder replies(@Nullable ReplySource source) {
            this.replySourceOrNull = source;
            return this;
        }

        /** What errors mean; {@link ErrorReader#byStatus()} by default. */
        public Builder errors(ErrorReader reader) {
            this.errors = reader;
            return this;
        }

        /** A header that every request carries. */
        public Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** The header that carries the key: {@code prefix} and then the secret. A call without the key is not made. */
        public Builder key(String header, String prefix, SecretSource secrets, String secretName) {
            apiKey = new ApiKeyHeader(header, prefix, secrets, secretName, true);
            return this;
        }

        /** As {@link #key}, and calls without the key are made without the header. */
        public Builder optionalKey(String header, String prefix, SecretSource secrets, String secretName) {
            apiKey = new ApiKeyHeader(header, prefix, secrets, secretName, false);
            return this;
        }

        private HttpEndpoint endpoint() {
            return new HttpEndpoint(provider, baseUrl, headers, apiKey);
        }

        /** Returns the endpoint. */
        public ProviderHttp build() {
            return new ProviderHttp(this);
        }
    }
}
