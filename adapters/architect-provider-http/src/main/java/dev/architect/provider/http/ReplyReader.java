package dev.architect.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.json.BoundedJsonCodec;
import dev.architect.provider.http.message.BadReplyException;
import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.reading.ErrorMeaning;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.stream.BoundedInputStream;
import dev.architect.provider.http.stream.EventSource;
import dev.architect.provider.http.stream.LineReader;
import dev.architect.provider.http.stream.NdjsonReader;
import dev.architect.provider.http.stream.RawEvent;
import dev.architect.provider.http.stream.SseReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Reads replies: whether they are of success, and then their object or their events. Safe for use by several threads. */
final class ReplyReader {

    private final HttpLimits limits;
    private final BoundedJsonCodec json;
    private final ErrorReader errors;

    ReplyReader(HttpLimits limits, BoundedJsonCodec json, ErrorReader errors) {
        this.limits = limits;
        this.json = json;
        this.errors = errors;
    }

    /** Returns the object that a reply of success is. */
    JsonNode object(Reply reply, Exchange exchange) throws IOException {
        return json.object(body(reply, exchange), exchange);
    }

    /** Returns the body of a reply of success, which fails where it is too long. */
    InputStream body(Reply reply, Exchange exchange) throws IOException {
        check(reply, exchange);
        return new BoundedInputStream(reply.body(), limits.maxAnswerBytes());
    }

    /** Fails unless the reply is one of success, with headers within their limits. */
    void check(Reply reply, Exchange exchange) throws IOException {
        if (reply.isSuccess()) {
            // Only on success: an error with oversized headers is still an error with its status.
            reply.headers().check(limits);
            return;
        }
        JsonNode body = json.lenient(errorBytes(reply));
        ErrorMeaning meaning = errors.read(new ErrorReply(reply.status(), body, exchange));
        // Only these statuses promise what the header means: Anthropic sends retry-after with successful answers too.
        Optional<Duration> delay = switch (reply.status()) {
            case 429, 503, 529 -> exchange.retryAfter().or(meaning::retryAfter);
            default -> meaning.retryAfter();
        };
        throw RetryInstruction.of(exchange)
                .obeyed(exchange, meaning)
                .retryAfter(delay.orElse(null))
                .build();
    }

    /** Hands the events of an answer to {@code reader} until it is done, without those that {@code skipped} passes over. */
    void answerEvents(
            InputStream body, StreamFormat format, Exchange exchange, StreamReader reader, SkippedEvents skipped)
            throws IOException {
        StreamReader.Progress[] last = {StreamReader.Progress.OPEN};
        events(body, format, exchange, event -> {
            try {
                last[0] = reader.accept(event);
                skipped.read(event);
                return last[0];
            } catch (ProviderException failure) {
                if (!event.isNotJson() || !skipped.skip(event, last[0])) {
                    throw failure;
                }
                // A body whose last event is broken was cut inside it, whatever came before.
                return StreamReader.Progress.OPEN;
            }
        });
    }

    /** Hands the events of a stream to {@code reader} until it is done. */
    void events(
            InputStream body,
            StreamFormat format,
            Exchange exchange,
            Function<StreamEvent, StreamReader.Progress> reader)
            throws IOException {
        EventSource events = source(body, format);
        StreamReader.Progress progress = StreamReader.Progress.OPEN;
        while (progress != StreamReader.Progress.DONE) {
            RawEvent event = events.next();
            if (event == null) {
                // A closing event may be lost; with the reason of the end here it would change nothing.
                if (progress == StreamReader.Progress.MAY_END) {
                    return;
                }
                throw new BadReplyException("answer ended before its end");
            }
            if (!event.data().isBlank()) { // Proxies keep a connection alive with empty ones.
                progress = reader.apply(new StreamEvent(event, exchange, json));
            }
        }
    }

    private EventSource source(InputStream body, StreamFormat format) {
        LineReader lines = new LineReader(body, limits.maxEventBytes());
        return switch (format) {
            case SSE -> new SseReader(lines, limits.maxEventBytes());
            case NDJSON -> new NdjsonReader(lines);
        };
    }

    /** The beginning of an error's body; one that is longer, or breaks, is still an error with its status. */
    private byte[] errorBytes(Reply reply) throws IOException {
        try {
            return reply.body().readNBytes(limits.maxErrorBytes());
        } catch (InterruptedIOException lateOrInterrupted) {
            // The call itself is over then, whatever its status was.
            throw lateOrInterrupted;
        } catch (IOException broken) {
            // Not rethrown: the status matters more than the text, and a failure to read a failure would hide it.
            return new byte[0];
        }
    }
}
