package dev.architect.provider.openai;

import dev.architect.chat.ReasoningEffort;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the id of a model implies. The o-series and GPT-5 and later are reasoning models; those with {@code chat} in their name
 * are not. The names of efforts are those of openai-java 4.101.0 (2026-11-21); which family takes which is general knowledge and
 * reports of users, not checked against the service.
 *
 * @param kind what sort of model it is
 * @param version major version times 100 plus minor version; 0 where there is none
 * @param variant what follows the version, such as {@code -mini}; empty for none
 */
record OpenAiModelFamily(Kind kind, int version, String variant) {

    // Fine-tuned models put "ft:" before the name of their base, and behave like it.
    private static final Pattern GPT = Pattern.compile("(?:ft:)?gpt-(\\d{1,4})(?:\\.(\\d{1,2}))?(.*)");
    private static final Pattern O_SERIES = Pattern.compile("(?:ft:)?o(\\d)(.*)");

    /** Sorts of models. */
    enum Kind {
        /** o1, o3, o4. */
        O_SERIES,
        /** GPT. */
        GPT,
        /** Makes vectors. */
        EMBEDDING,
        /** Anything else, models of compatible services included. */
        OTHER
    }

    static OpenAiModelFamily of(String model) {
        Matcher gpt = GPT.matcher(model);
        if (gpt.matches()) {
            int minor = gpt.group(2) == null ? 0 : Integer.parseInt(gpt.group(2));
            // Two digits for the minor version: 5.10 comes after 5.9.
            return new OpenAiModelFamily(Kind.GPT, Integer.parseInt(gpt.group(1)) * 100 + minor, gpt.group(3));
        }
        Matcher series = O_SERIES.matcher(model);
        if (series.matches()) {
            return new OpenAiModelFamily(Kind.O_SERIES, Integer.parseInt(series.group(1)) * 100, series.group(2));
        }
        return new OpenAiModelFamily(model.startsWith("text-embedding-") ? Kind.EMBEDDING : Kind.OTHER, 0, "");
    }

    boolean hasReasoning() {
        return kind == Kind.O_SERIES || (isGpt(500) && !variant.startsWith("-chat"));
    }

    /** Whether it is GPT of that version or a later one. */
    boolean isGpt(int leastVersion) {
        return kind == Kind.GPT && version >= leastVersion;
    }

    /** The efforts that can be requested; empty for a model that does not reason. */
    Set<ReasoningEffort> efforts() {
        if (!hasReasoning()) {
            return Set.of();
        }
        EnumSet<ReasoningEffort> efforts =
                EnumSet.of(ReasoningEffort.LOW, ReasoningEffort.MEDIUM, ReasoningEffort.HIGH);
        if (kind == Kind.GPT) {
            boolean isCodex = variant.contains("codex");
            boolean isPro = variant.startsWith("-pro");
            if (version == 500 && !isCodex) {
                efforts.add(ReasoningEffort.MINIMAL);
            }
            if (version >= 501 && !isCodex && !isPro) {
                efforts.add(ReasoningEffort.NONE);
            }
            if (version >= 502 || variant.contains("codex-max")) {
                efforts.add(ReasoningEffort.VERY_HIGH);
            }
            if (version >= 506) {
                efforts.add(ReasoningEffort.MAX);
            }
            if (isPro) {
                efforts.removeIf(
                        effort -> effort.compareTo(version == 500 ? ReasoningEffort.HIGH : ReasoningEffort.MEDIUM) < 0);
            }
        }
        return Collections.unmodifiableSet(efforts);
    }

    /** OpenAI's name of an effort. */
    static String wireName(ReasoningEffort effort) {
        return switch (effort) {
            case NONE -> "none";
            case MINIMAL -> "minimal";
            case LOW -> "low";
            case MEDIUM -> "medium";
            case HIGH -> "high";
            case VERY_HIGH -> "xhigh";
            case MAX -> "max";
        };
    }
}
