package dev.architect.testkit.replay;

import dev.architect.model.ProviderException;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.provider.RecordingListener;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls an adapter that reads its replies from memory, a new one for each call, and checks that a listener of a stream receives
 * the same as the answer contains. Safe for use by several threads.
 */
public final class ReplayRunner {

    private static final int WHOLE_CHUNK_BYTES = 1000;
    // Small, so that events, lines and characters are cut in many places.
    private static final int STREAM_CHUNK_BYTES = 9;

    private final ProviderCall call;
    private final Function<Supplier<CannedReply>, ModelProvider> opener;

    /**
     * Creates a runner that makes the same call each time.
     *
     * @param opener opens the adapter, whose calls get the replies of the supplier
     */
    public ReplayRunner(ProviderCall call, Function<Supplier<CannedReply>, ModelProvider> opener) {
        this.call = call;
        this.opener = opener;
    }

    /**
     * Returns the answer that the adapter reads from a reply.
     *
     * @param isStreamed whether the call is streamed
     * @param chunkBytes how many bytes of the body arrive at a time
     */
    public ProviderAnswer call(RecordedReply reply, boolean isStreamed, int chunkBytes) {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        Supplier<CannedReply> replies =
                () -> new CannedReply(reply.status(), reply.headers(), new ChunkedInputStream(body, () -> chunkBytes));
        try (ModelProvider provider = opener.apply(replies)) {
            return call(provider, call, isStreamed);
        }
    }

    /** Returns the answer that the adapter reads from a whole body with status 200. */
    public ProviderAnswer chat(String body) {
        return call(reply(200, body), false, WHOLE_CHUNK_BYTES);
    }

    /** Returns the answer that the adapter reads from a streamed body with status 200. */
    public ProviderAnswer stream(String body) {
        return call(reply(200, body), true, STREAM_CHUNK_BYTES);
    }

    /** Returns the failure that the adapter reads from an error response. */
    public ProviderException failureOf(int status, String body) {
        return failureOf(() -> call(reply(status, body), false, WHOLE_CHUNK_BYTES));
    }

    /** Returns the failure that {@code asking} ends with. */
    public static ProviderException failureOf(ProviderAction action) {
        try {
            action.run();
        } catch (ProviderException failure) {
            return failure;
        } catch (Exception other) {
            throw new AssertionError("action failed with another exception, expected a ProviderException", other);
        }
        throw new AssertionError("action succeeded, expected a ProviderException");
    }

    /** Returns server-sent events without names, one for each of {@code data}. */
    public static String events(String... data) {
        StringBuilder events = new StringBuilder();
        for (String one : data) {
            events.append("data: ").append(one).append("\r\n\r\n");
        }
        return events.toString();
    }

    static ProviderAnswer call(ModelProvider provider, ProviderCall call, boolean isStreamed) {
        if (!isStreamed) {
            return provider.chat(call);
        }
        RecordingListener listener = new RecordingListener();
        ProviderAnswer answer = provider.stream(call, listener);
        listener.assertMatches(answer);
        return answer;
    }

    private static RecordedReply reply(int status, String body) {
        return new RecordedReply("", "", false, status, Map.of(), body);
    }

    /** An action that may fail. */
    @FunctionalInterface
    public interface ProviderAction {
        /** Runs the action. */
        void run() throws Exception;
    }
}
