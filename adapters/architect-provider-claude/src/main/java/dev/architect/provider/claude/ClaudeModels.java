package dev.architect.provider.claude;

import dev.architect.model.Capability;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Claude's models can do. Models up to version 4.6 take sampling parameters, later ones refuse them, and from version
 * 2026-10-21 of the API on all refuse them (Anthropic's client libraries and migration notes, read 2026-11-22). A model whose
 * id tells no version counts as a later one.
 */
final class ClaudeModels {

    private static final LocalDate NO_SAMPLING_FROM = LocalDate.of(2026, 10, 21);
    private static final int LAST_WITH_SAMPLING = 46;

    /** {@code claude-opus-4-6}, {@code claude-sonnet-4-20250514}: family first, then major and perhaps minor version. */
    private static final Pattern FAMILY_FIRST =
            Pattern.compile("claude-(?:opus|sonnet|haiku)-(\\d)(?:-(\\d))?(?:-(?:\\d{8}|latest))?");

    /** {@code claude-3-5-haiku-20241022}: version first. */
    private static final Pattern VERSION_FIRST =
            Pattern.compile("claude-(\\d)(?:-(\\d))?-(?:opus|sonnet|haiku)(?:-(?:\\d{8}|latest))?");

    private static final Set<Capability> WITHOUT_SAMPLING = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING,
            Capability.SYSTEM_TEXT,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.STOP_SEQUENCES));

    private static final Set<Capability> WITH_SAMPLING;

    static {
        EnumSet<Capability> all = EnumSet.of(Capability.TEMPERATURE);
        all.addAll(WITHOUT_SAMPLING);
        WITH_SAMPLING = Collections.unmodifiableSet(all);
    }

    private final boolean isSamplingGone;

    ClaudeModels(String apiVersion) {
        try {
            this.isSamplingGone = !LocalDate.parse(apiVersion).isBefore(NO_SAMPLING_FROM);
        } catch (DateTimeParseException notADate) {
            throw new IllegalArgumentException(
                    "apiVersion is '" + apiVersion + "', expected a date such as 2023-06-01");
        }
    }

    Set<Capability> capabilities(String model) {
        return !isSamplingGone && (isOld(FAMILY_FIRST.matcher(model)) || isOld(VERSION_FIRST.matcher(model)))
                ? WITH_SAMPLING
                : WITHOUT_SAMPLING;
    }

    private static boolean isOld(Matcher version) {
        if (!version.matches()) {
            return false;
        }
        int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
        return Integer.parseInt(version.group(1)) * 10 + minor <= LAST_WITH_SAMPLING;
    }
}
