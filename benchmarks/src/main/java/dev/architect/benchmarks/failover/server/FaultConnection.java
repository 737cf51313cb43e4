package dev.architect.benchmarks.failover.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.benchmarks.failover.wire.WireAnswer;
import dev.architect.benchmarks.failover.wire.WireDialect;
import dev.architect.benchmarks.failover.wire.WireError;
import dev.architect.benchmarks.failover.wire.WireRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a client: calls one after the other, each with its fault. Whatever waits here reads from the connection
 * meanwhile, so that a client that leaves is noticed at once. Used by one thread.
 */
final class FaultConnection {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int STALL_AFTER = 20;
    private static final int ERROR_AFTER = 5;
    /** The role event is the first, so nine events are eight tokens and the role. */
    private static final int BROKEN_AFTER = 8;
    /** Of a whole body, before it is cut. */
    private static final double CUT_SHARE = 0.6;

    private static final String LAST_CHUNK = "0\r\n\r\n";

    private final Socket socket;
    private final PushbackInputStream in;
    private final OutputStream out;
    private final FaultServer server;

    /** The client closed or reset the connection. */
    private static final class HungUpException extends IOException {
        private static final long serialVersionUID = 1;
    }

    FaultConnection(Socket socket, FaultServer server) throws IOException {
        this.socket = socket;
        this.server = server;
        socket.setTcpNoDelay(true);
        this.in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /** Serves until the client or a fault ends the connection. */
    void serve() throws IOException {
        RequestReader requests = new RequestReader(in);
        boolean isOpen = true;
        while (isOpen) {
            socket.setSoTimeout(0);
            RequestReader.Received received = requests.next();
            isOpen = received != null && serve(received) && !received.isLast();
        }
    }

    private boolean serve(RequestReader.Received received) throws IOException {
        WireDialect dialect = WireDialect.ALL.stream()
                .filter(each -> each.serves(received.path()))
                .findFirst()
                .orElse(null);
        if (dialect == null) {
            send(404, "application/json", "{\"error\":{\"message\":\"not found\"}}", "");
            return true;
        }
        WireRequest request = dialect.read(received.path(), JSON.readTree(received.body()));
        CallLog.Entry entry = server.log().add(request, server.profile(), received.key());
        try {
            boolean isOpen = answer(dialect, request, entry.action());
            server.log().ended(entry);
            return isOpen;
        } catch (IOException gone) {
            server.log().hungUp(entry);
            return false;
        }
    }

    /** Returns whether the connection may be used again. */
    private boolean answer(WireDialect dialect, WireRequest request, FaultAction action) throws IOException {
        FaultProfile profile = server.profile();
        return switch (action) {
            case RATE_LIMIT_WITH_DELAY ->
                fail(dialect, WireError.RATE_LIMITED, "Retry-After: " + profile.retryAfterSeconds() + "\r\n");
            case RATE_LIMIT -> fail(dialect, WireError.RATE_LIMITED, "");
            case SERVER_ERROR -> fail(dialect, WireError.SERVER_ERROR, "");
            case UNAVAILABLE -> fail(dialect, WireError.UNAVAILABLE, "");
            case CONTEXT_TOO_LONG -> fail(dialect, WireError.CONTEXT_TOO_LONG, "");
            case CONTENT_REFUSED -> fail(dialect, WireError.CONTENT_REFUSED, "");
            case INVALID_PREFILL -> fail(dialect, WireError.INVALID_PREFILL, "");
            case UNKNOWN_MODEL -> fail(dialect, WireError.UNKNOWN_MODEL, "");
            case KEY_REFUSED -> fail(dialect, WireError.UNAUTHORIZED, "");
            case OVERLOADED -> fail(dialect, WireError.OVERLOADED, "");
            case RATE_LIMIT_DATE -> {
                ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC).minusHours(1);
                yield fail(
                        dialect,
                        WireError.RATE_LIMITED,
                        "Date: " + date(now) + "Retry-After: " + date(now.plusSeconds(2)));
            }
            case RATE_LIMIT_MILLIS ->
                fail(dialect, WireError.RATE_LIMITED, "Retry-After-Ms: 1500\r\nRetry-After: 30\r\n");
            case RATE_LIMIT_DAY -> fail(dialect, WireError.RATE_LIMITED, "Retry-After: 86400\r\n");
            case RATE_LIMIT_NEGATIVE -> fail(dialect, WireError.RATE_LIMITED, "Retry-After: -5\r\n");
            case ERROR_IN_SUCCESS -> {
                send(
                        200,
                        "application/json",
                        dialect.error(WireError.UNAVAILABLE).toString(),
                        "");
                yield true;
            }
            case RESET -> {
                // Closing with a linger of zero sends a reset in place of an orderly end.
                socket.setSoLinger(true, 0);
                yield false;
            }
            case SILENCE -> {
                rest(System.nanoTime(), profile.silenceMillis());
                yield false;
            }
            case ANSWER,
                    SLOW_FIRST_TOKEN,
                    CUT,
                    STALL,
                    BAD_EVENT,
                    NO_TERMINATOR,
                    ERROR_EVENT,
                    CUT_ARGUMENTS,
                    NO_USAGE -> {
                String whole = CanonicalAnswer.to(request.prompt());
                WireAnswer answer = new WireAnswer(
                        request, CanonicalAnswer.after(whole, request.prefill()), action != FaultAction.NO_USAGE);
                yield request.isStreamed() ? stream(dialect, answer, action) : whole(dialect, answer, action);
            }
        };
    }

    private boolean fail(WireDialect dialect, WireError error, String headers) throws IOException {
        send(error.status(), "application/json", dialect.error(error).toString(), headers);
        return true;
    }

    private boolean stream(WireDialect dialect, WireAnswer answer, FaultAction action) throws IOException {
        FaultProfile profile = server.profile();
        write("HTTP/1.1 200 OK\r\nContent-Type: " + dialect.streamType() + "\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunk(dialect.begin(answer));
        if (action == FaultAction.SLOW_FIRST_TOKEN) {
            rest(System.nanoTime(), profile.firstTokenMillis());
        }
        List<String> tokens = CanonicalAnswer.tokens(answer.text());
        long start = System.nanoTime();
        int cutAfter = action == FaultAction.CUT ? FaultAction.cutAfter(answer.model()) : Integer.MAX_VALUE;
        for (int i = 0; i < tokens.size(); i++) {
            if (i == cutAfter) {
                return false;
            }
            if (action == FaultAction.ERROR_EVENT && i == ERROR_AFTER) {
                chunk(dialect.errorEvent(WireError.RATE_LIMITED));
                write(LAST_CHUNK);
                return true;
            }
            if (action == FaultAction.CUT_ARGUMENTS && i == ERROR_AFTER) {
                chunk(dialect.brokenToolCall(answer));
                return false;
            }
            if (action == FaultAction.STALL && i == STALL_AFTER) {
                rest(System.nanoTime(), profile.stallMillis());
                return false;
            }
            if (action == FaultAction.BAD_EVENT && i == BROKEN_AFTER) {
                chunk(dialect.broken());
            }
            // From the start, so that late wake-ups do not add up.
            rest(start, i * profile.tokenGapMillis());
            chunk(dialect.token(answer, i, tokens.get(i)));
        }
        if (cutAfter == tokens.size()) {
            return false;
        }
        chunk(dialect.end(answer));
        if (action != FaultAction.NO_TERMINATOR) {
            chunk(dialect.terminator(answer));
        }
        write(LAST_CHUNK);
        return true;
    }

    private boolean whole(WireDialect dialect, WireAnswer answer, FaultAction action) throws IOException {
        FaultProfile profile = server.profile();
        String body = dialect.whole(answer).toString();
        long answerMillis = CanonicalAnswer.TOKENS * profile.tokenGapMillis();
        switch (action) {
            case CUT -> {
                head(200, "application/json", body.length(), "");
                rest(System.nanoTime(), answerMillis);
                write(body.substring(0, (int) (body.length() * CUT_SHARE)));
                return false;
            }
            case STALL -> {
                head(200, "application/json", body.length(), "");
                rest(System.nanoTime(), profile.stallMillis());
                return false;
            }
            case SLOW_FIRST_TOKEN -> {
                head(200, "application/json", body.length(), "");
                rest(System.nanoTime(), profile.firstTokenMillis());
                write(body);
            }
            default -> {
                rest(System.nanoTime(), answerMillis);
                send(
                        200,
                        "application/json",
                        action == FaultAction.BAD_EVENT ? body.substring(0, body.length() / 2) + "\u0001}{]" : body,
                        "");
            }
        }
        return true;
    }

    private static String date(ZonedDateTime time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time) + "\r\n";
    }

    private void send(int status, String type, String body, String headers) throws IOException {
        head(status, type, body.length(), headers);
        write(body);
    }

    private void head(int status, String type, int length, String headers) throws IOException {
        write("HTTP/1.1 " + status + " Status\r\nContent-Type: " + type + "\r\n" + headers + "Content-Length: " + length
                + "\r\n\r\n");
    }

    private void chunk(String text) throws IOException {
        // An empty chunk would end the body.
        if (!text.isEmpty()) {
            write(String.format(Locale.ROOT, "%x", text.length()) + "\r\n" + text + "\r\n");
        }
    }

    /** Everything that is sent is ASCII, so characters are bytes. */
    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Waits until {@code millis} after {@code start}, or throws when the client leaves. */
    private void rest(long start, long millis) throws IOException {
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            try {
                socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                int next = in.read();
                if (next < 0) {
                    throw new HungUpException();
                }
                throw new IOException("client sent a byte during an answer, expected none");
            } catch (SocketTimeoutException waited) {
                // The time has passed, or nearly.
            }
        }
    }
}
