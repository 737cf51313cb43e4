package dev.architect.server.rest;

import java.util.Optional;

/**
 * The body of a request as it was read before the request is worked on.
 *
 * @param whole all of it; empty when it has more bytes than this client may send
 * @param limit the most bytes of it
 */
public record RequestBody(Optional<byte[]> whole, int limit) {

    /** The attribute of the request that holds it; missing when the request has no body. */
    public static final String ATTRIBUTE = "architect.body";

    /** The most bytes of a body that a client without a token or a login may send. */
    public static final int MAX_PUBLIC_BYTES = 1_024;

    /** The same for the answer of a passkey, which has a signature and what was signed. */
    public static final int MAX_PASSKEY_BYTES = 8 * 1_024;

    /** Creates a body that is all there. */
    public RequestBody(byte[] bytes, int limit) {
        this(Optional.of(bytes), limit);
    }

    /** Returns the body of a client that sends more than {@code limit} bytes. */
    public static RequestBody tooLarge(int limit) {
        return new RequestBody(Optional.empty(), limit);
    }
}
