package dev.architect.provider.claude;

import dev.architect.model.Capability;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Claude's models can do. Models up to version 4.6 take sampling parameters, later ones refuse them, and from version
 * 2026-10-21 of the API on all refuse them (anthropic-java 3.12.0, 2026-11-21, and the notes on migrating to it). From 4.6 on
 * they take an effort instead of a budget, and from 4.7 on the effort {@code xhigh} (platform.claude.com, effort, archived in
 * 2026). That models think from 3.7 on and answer in a given form from 4.1 on is general knowledge; that Fable, Mythos and Opus
 * 5.5 cannot but think is from Amazon's and docs.apiyi.com's pages of 2026-11: neither was checked against the service. A model
 * whose id has no version counts as a later one, which is our judgement.
 *
 * <p>Models up to 4.5 continue an answer whose beginning is the assistant's last turn; from 4.6 on that is a 400 (platform.claude.com,
 * migration guide, "prefill removal", read on 2026-11-28).
 */
final class ClaudeModelCapabilities {

    private static final LocalDate NO_SAMPLING_FROM = LocalDate.of(2026, 10, 21);
    // Versions times ten: 46 is 4.6. Later models answer 400 to any sampling parameter that is not its default.
    private static final int LAST_WITH_SAMPLING = 46;
    private static final int FIRST_WITH_THINKING = 37;
    private static final int FIRST_WITH_SCHEMA = 41;
    private static final int LAST_WITH_PREFILL = 45;
    private static final int FIRST_WITH_EFFORT = 46;
    private static final int FIRST_WITH_XHIGH = 47;
    // A name that is not known is taken for a new model, which takes what the newest ones take.
    private static final int LATER = Integer.MAX_VALUE;

    /** {@code claude-opus-4-6}, {@code claude-sonnet-4-20250514}: family first, then major and perhaps minor version. */
    private static final Pattern FAMILY_FIRST =
            Pattern.compile("claude-(?:opus|sonnet|haiku)-(\\d)(?:-(\\d))?(?:-(?:\\d{8}|latest))?");

    /** {@code claude-3-5-haiku-20241022}: version first. */
    private static final Pattern VERSION_FIRST =
            Pattern.compile("claude-(\\d)(?:-(\\d))?-(?:opus|sonnet|haiku)(?:-(?:\\d{8}|latest))?");

    private static final Pattern ALWAYS_THINKING = Pattern.compile("claude-(?:(?:fable|mythos)-|opus-5-5).*");

    private static final Set<Capability> OF_ALL = EnumSet.of(
            Capability.STREAMING,
            Capability.SYSTEM_TEXT,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.STOP_SEQUENCES,
            Capability.IMAGES,
            Capability.DOCUMENT_INPUT,
            Capability.MEDIA_LINKS,
            Capability.TOOLS,
            Capability.TOOL_CHOICE,
            Capability.SINGLE_TOOL_CALL,
            Capability.CACHE_BREAKPOINTS,
            Capability.TOKEN_COUNT,
            Capability.ANTHROPIC_MESSAGES_BODY);

    private final boolean isSamplingGone;

    ClaudeModelCapabilities(String apiVersion) {
        try {
            this.isSamplingGone = !LocalDate.parse(apiVersion).isBefore(NO_SAMPLING_FROM);
        } catch (DateTimeParseException notADate) {
            throw new IllegalArgumentException(
                    "apiVersion is '" + apiVersion + "', expected a date such as 2023-06-01");
        }
    }

    Set<Capability> capabilities(String model) {
        int version = version(model);
        EnumSet<Capability> capabilities = EnumSet.copyOf(OF_ALL);
        if (!isSamplingGone && version <= LAST_WITH_SAMPLING) {
            capabilities.add(Capability.TEMPERATURE);
        }
        if (version >= FIRST_WITH_THINKING) {
            capabilities.add(Capability.REASONING_EFFORT);
        }
        if (version >= FIRST_WITH_SCHEMA) {
            capabilities.add(Capability.JSON_SCHEMA);
        }
        if (version <= LAST_WITH_PREFILL) {
            capabilities.add(Capability.PREFILL);
        }
        return Collections.unmodifiableSet(capabilities);
    }

    /** Whether the model takes an effort; one that does not takes a budget of tokens. */
    static boolean takesEffort(String model) {
        return version(model) >= FIRST_WITH_EFFORT;
    }

    /** Whether the model takes the effort between high and max, if it takes any. */
    static boolean takesVeryHighEffort(String model) {
        return version(model) >= FIRST_WITH_XHIGH;
    }

    /** Whether the model's reasoning cannot be switched off. */
    static boolean alwaysReasons(String model) {
        return ALWAYS_THINKING.matcher(model).matches();
    }

    /** The version times ten. */
    private static int version(String model) {
        for (Pattern form : List.of(FAMILY_FIRST, VERSION_FIRST)) {
            Matcher version = form.matcher(model);
            if (version.matches()) {
                int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
                return Integer.parseInt(version.group(1)) * 10 + minor;
            }
        }
        return LATER;
    }
}
