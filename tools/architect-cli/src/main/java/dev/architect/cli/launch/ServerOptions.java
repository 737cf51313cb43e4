package dev.architect.cli.launch;

import dev.architect.runtime.AddressRange;
import dev.architect.runtime.PublicOrigin;
import dev.architect.runtime.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that state how a server is reached and how it stops. */
public final class ServerOptions {

    @Option(
            names = "--address",
            paramLabel = "IP",
            converter = AddressConverter.class,
            description =
                    "The address to listen on, 127.0.0.1 by default. One that other machines reach needs an --origin"
                            + " with https, or --plain-http.")
    private @Nullable String address;

    @Option(
            names = "--origin",
            paramLabel = "URL",
            converter = OriginConverter.class,
            description =
                    "Where browsers reach the server through a proxy with TLS, such as https://gaia.example.com; may be"
                            + " repeated.")
    private List<PublicOrigin> origins = new ArrayList<>();

    @Option(
            names = "--trusted-proxy",
            paramLabel = "IP[/BITS]",
            converter = RangeConverter.class,
            description = "A proxy whose Forwarded and X-Forwarded-For headers name the client; may be repeated.")
    private List<AddressRange> trustedProxies = new ArrayList<>();

    @Option(
            names = "--plain-http",
            description = "Lets other machines in without TLS: whoever listens in the network can read the token.")
    private boolean plainHttp;

    @Option(
            names = "--stop-timeout",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "How long a stop waits for running tasks before it gives them back, such as 30s or 2m; 20s by default.")
    private @Nullable Duration stopTimeout;

    @Option(
            names = "--approvals",
            paramLabel = "FILE",
            description =
                    "The rules about what agents may do without a person, as JSON; the standard ones by default, under which"
                            + " whatever is not read is asked.")
    private @Nullable Path approvals;

    /** Creates options that state nothing. */
    public ServerOptions() {}

    /** What the command line states. */
    public ServerSettings settings() {
        return new ServerSettings(
                Optional.ofNullable(address),
                origins,
                trustedProxies,
                plainHttp,
                Optional.ofNullable(stopTimeout),
                Optional.ofNullable(approvals));
    }

    private static <T> T converted(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(wrong.getMessage());
        }
    }

    /** Reads an address to listen on. */
    static final class AddressConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (AddressRange.networkOf(text, 32, 128).isEmpty()) {
                throw new TypeConversionException("'" + text + "' is not an IP address of this machine");
            }
            return text;
        }
    }

    /** Reads an origin. */
    static final class OriginConverter implements ITypeConverter<PublicOrigin> {
        @Override
        public PublicOrigin convert(String text) {
            return converted(() -> PublicOrigin.parse(text));
        }
    }

    /** Reads addresses. */
    static final class RangeConverter implements ITypeConverter<AddressRange> {
        @Override
        public AddressRange convert(String text) {
            return converted(() -> AddressRange.parse(text));
        }
    }

    /** Reads a length of time: milliseconds, seconds, minutes or hours, such as {@code 30s}, an hour at most. */
    public static final class TimeConverter implements ITypeConverter<Duration> {

        private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m|h)");

        /** Creates the converter. */
        public TimeConverter() {}

        @Override
        public Duration convert(String text) {
            Matcher time = TIME.matcher(text);
            if (!time.matches()) {
                throw new TypeConversionException("'" + text + "' is not a time, expected one such as 30s or 2m");
            }
            long count = Long.parseLong(time.group(1));
            Duration duration = switch (time.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
            };
            if (duration.compareTo(ServerSettings.MAX_STOP_TIMEOUT) > 0) {
                throw new TypeConversionException("'" + text + "' is too long, expected at most 1h");
            }
            return duration;
        }
    }
}
