package dev.architect.benchmarks.failover.server;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the server does with one call. The name of the model chooses, a prefix up to a slash is ignored. */
public enum FaultAction {
    /** The whole answer. */
    ANSWER,
    /** 429 that says when to come back. */
    RATE_LIMIT_WITH_DELAY,
    /** 429 without a word about when. */
    RATE_LIMIT,
    /** 500. */
    SERVER_ERROR,
    /** 503. */
    UNAVAILABLE,
    /** The connection is reset before any byte. */
    RESET,
    /** Nothing is sent. */
    SILENCE,
    /** The head at once, the first token late. */
    SLOW_FIRST_TOKEN,
    /** The connection ends after 40 tokens. */
    CUT,
    /** Nothing more comes after 20 tokens; the connection stays open. */
    STALL,
    /** The tenth event is no JSON. */
    BAD_EVENT,
    /** Everything but the event that ends the stream. */
    NO_TERMINATOR,
    /** 400, the prompt is too long. */
    CONTEXT_TOO_LONG,
    /** 400, the content is refused. */
    CONTENT_REFUSED,
    /** 400, the assistant has the last word. */
    INVALID_PREFILL,
    /** 404. */
    UNKNOWN_MODEL,
    /** After five tokens an event that is a rate limit. */
    ERROR_EVENT,
    /** An error with a status of success. */
    ERROR_IN_SUCCESS,
    /** 401. */
    KEY_REFUSED,
    /** 529. */
    OVERLOADED,
    /** 429 with a date, of a server whose clock is an hour behind. */
    RATE_LIMIT_DATE,
    /** 429 with milliseconds, and with seconds that do not fit them. */
    RATE_LIMIT_MILLIS,
    /** 429 for a day. */
    RATE_LIMIT_DAY,
    /** 429 with a time in the past. */
    RATE_LIMIT_NEGATIVE,
    /** The connection ends in the arguments of a tool call. */
    CUT_ARGUMENTS,
    /** The whole answer without the tokens used. */
    NO_USAGE;

    /** How long a shared quota is used up, from the reset of the server. */
    private static final long SHARED_MILLIS = 2_000;

    /** The second has a name that implies that it continues answers. */
    private static final Set<String> HEALTHY = Set.of("fb-ok", "claude-sonnet-4-5");

    private static final Pattern CUT_AT = Pattern.compile("fb-c(\\d\\d)");
    private static final int USUAL_CUT = 40;
    private static final Pattern FAULTY = Pattern.compile("fb-([sx])(\\d\\d)(?:-(.*))?");

    /**
     * Decides about a call.
     *
     * @param model the model as it was named
     * @param number the how manieth call on that model it is, from 1
     * @param sinceResetMillis when it came
     * @param isPrefilled whether the last message is the assistant's
     * @param key the key that came with it
     */
    static FaultAction of(
            String model, int number, long sinceResetMillis, boolean isPrefilled, FaultProfile profile, String key) {
        String name = model.substring(model.lastIndexOf('/') + 1);
        if (HEALTHY.contains(name)) {
            return ANSWER;
        }
        if (name.equals("fb-ok-noprefill")) {
            return isPrefilled ? INVALID_PREFILL : ANSWER;
        }
        if (CUT_AT.matcher(name).matches()) {
            return CUT;
        }
        Matcher faulty = FAULTY.matcher(name);
        if (!faulty.matches()) {
            return UNKNOWN_MODEL;
        }
        boolean isFirst = number == 1;
        if (faulty.group(1).equals("x")) {
            String word = faulty.group(3) == null ? "" : faulty.group(3);
            return further(Integer.parseInt(faulty.group(2)), word, isFirst, sinceResetMillis, key);
        }
        return switch (Integer.parseInt(faulty.group(2))) {
            case 1 -> isFirst ? RATE_LIMIT_WITH_DELAY : ANSWER;
            case 2 -> RATE_LIMIT;
            case 3 -> isFirst ? SERVER_ERROR : ANSWER;
            case 4, 16 -> UNAVAILABLE;
            case 5 -> isFirst ? RESET : ANSWER;
            case 6 -> SILENCE;
            case 7 -> SLOW_FIRST_TOKEN;
            case 8, 14 -> CUT;
            case 9 -> STALL;
            case 10 -> BAD_EVENT;
            case 11 -> NO_TERMINATOR;
            case 12 -> CONTEXT_TOO_LONG;
            case 13 -> CONTENT_REFUSED;
            case 15 -> sinceResetMillis < profile.outageMillis() ? UNAVAILABLE : ANSWER;
            default -> UNKNOWN_MODEL;
        };
    }

    /** After how many tokens a stream of the model is cut: as its name says, {@code fb-c17}, else after forty. */
    static int cutAfter(String model) {
        Matcher name = CUT_AT.matcher(model.substring(model.lastIndexOf('/') + 1));
        return name.matches() ? Integer.parseInt(name.group(1)) : USUAL_CUT;
    }

    private static FaultAction further(int scenario, String word, boolean isFirst, long sinceResetMillis, String key) {
        return switch (scenario) {
            case 1 -> ERROR_EVENT;
            case 2 -> ERROR_IN_SUCCESS;
            case 3 -> key.endsWith(FaultServer.REFUSED_KEY) ? KEY_REFUSED : ANSWER;
            case 4 -> OVERLOADED;
            case 5 ->
                switch (word) {
                    case "date" -> isFirst ? RATE_LIMIT_DATE : ANSWER;
                    case "ms" -> isFirst ? RATE_LIMIT_MILLIS : ANSWER;
                    case "day" -> RATE_LIMIT_DAY;
                    case "negative" -> isFirst ? RATE_LIMIT_NEGATIVE : ANSWER;
                    default -> UNKNOWN_MODEL;
                };
            case 6 -> CUT_ARGUMENTS;
            case 7 -> NO_USAGE;
            case 8, 9 -> CUT;
            case 10 -> sinceResetMillis < SHARED_MILLIS ? RATE_LIMIT_WITH_DELAY : ANSWER;
            default -> UNKNOWN_MODEL;
        };
    }
}
