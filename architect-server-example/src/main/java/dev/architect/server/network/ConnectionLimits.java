package dev.architect.server.network;

import java.time.Duration;

/**
 * What connections may hold, and for how long.
 *
 * @param header the time from the first byte of a request, or from the connection, to the end of its header
 * @param body the time from the header to the end of the body
 * @param bodyRate the bytes in a second that a body has to come with, after the first {@link #RATE_GRACE}
 * @param perAddress the most connections of one address that is no trusted proxy
 * @param all the most connections
 */
public record ConnectionLimits(Duration header, Duration body, int bodyRate, int perAddress, int all) {

    /** How long a body may be slower, because the first bytes of a connection are. */
    static final Duration RATE_GRACE = Duration.ofSeconds(5);

    /** The limits of the server. */
    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), 256, 256, 1_000);
}
