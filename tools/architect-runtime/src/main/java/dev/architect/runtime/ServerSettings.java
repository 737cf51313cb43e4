package dev.architect.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a server is reached and how it stops, as far as a configuration file or a command line states it. Immutable.
 *
 * @param address the address to listen on; {@code 127.0.0.1} by default
 * @param origins the addresses under which browsers reach it through a proxy
 * @param trustedProxies the proxies whose {@code Forwarded} and {@code X-Forwarded-…} headers are believed
 * @param plainHttp whether other machines may reach it without TLS
 * @param stopTimeout how long an orderly stop may take; {@link #DEFAULT_STOP_TIMEOUT} by default
 * @param approvals the file of the rules about what may be done without a person; the standard ones by default
 */
public record ServerSettings(
        Optional<String> address,
        List<PublicOrigin> origins,
        List<AddressRange> trustedProxies,
        boolean plainHttp,
        Optional<Duration> stopTimeout,
        Optional<Path> approvals) {

    /** How long an orderly stop takes at most unless a setting states something else. */
    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(20);

    /** The longest time that an orderly stop may be given. */
    public static final Duration MAX_STOP_TIMEOUT = Duration.ofHours(1);

    /** Settings that state nothing. */
    public static final ServerSettings DEFAULT =
            new ServerSettings(Optional.empty(), List.of(), List.of(), false, Optional.empty(), Optional.empty());

    /** Copies the lists. */
    public ServerSettings {
        origins = List.copyOf(origins);
        trustedProxies = List.copyOf(trustedProxies);
        stopTimeout.ifPresent(timeout -> {
            if (timeout.isNegative() || timeout.compareTo(MAX_STOP_TIMEOUT) > 0) {
                throw new IllegalArgumentException(
                        "stopTimeout is " + timeout + ", expected zero to " + MAX_STOP_TIMEOUT);
            }
        });
    }

    /** Returns these settings with what {@code over} states in its place. */
    public ServerSettings overriddenBy(ServerSettings over) {
        return new ServerSettings(
                over.address.or(() -> address),
                over.origins.isEmpty() ? origins : over.origins,
                over.trustedProxies.isEmpty() ? trustedProxies : over.trustedProxies,
                over.plainHttp || plainHttp,
                over.stopTimeout.or(() -> stopTimeout),
                over.approvals.or(() -> approvals));
    }
}
