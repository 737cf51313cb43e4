package dev.architect.testkit.replay;

import dev.architect.simulator.script.SeededRandom;
import java.io.InputStream;
import java.util.Map;

/**
 * A reply that an adapter reads instead of one from the network. {@code toString} shows the status only.
 *
 * @param status the HTTP status
 * @param headers the headers, by name
 * @param body the body, which arrives in chunks of any size
 */
public record CannedReply(int status, Map<String, String> headers, InputStream body) {

    /** Copies the headers. */
    public CannedReply {
        headers = Map.copyOf(headers);
    }

    /** Returns {@code reply} with another body, whose bytes arrive in chunks of random sizes. */
    static CannedReply split(RecordedReply reply, byte[] body, SeededRandom random) {
        return new CannedReply(reply.status(), reply.headers(), ChunkedInputStream.withRandomChunks(body, random));
    }

    @Override
    public String toString() {
        return "CannedReply[" + status + "]";
    }
}
