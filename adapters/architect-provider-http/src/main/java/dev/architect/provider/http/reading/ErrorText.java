package dev.architect.provider.http.reading;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text of an error, matched where neither status nor code shows the cause: an empty account, a prompt that is too long and a
 * model that is gone all come as an ordinary bad request, from some vendors and from many services that speak another vendor's
 * format. {@code toString} shows nothing of the text, which may repeat the prompt.
 *
 * <p>The wordings of Anthropic, OpenAI, Google, Ollama, Perplexity, xAI, DeepSeek, Groq and OpenRouter are from recorded replies and from
 * reports of their users in public issue trackers, read on 2026-11-27; those of Mistral, vLLM, LiteLLM and Together were not checked
 * again.
 */
public final class ErrorText {

    // Bounds the work of matching; causes are named at the beginning.
    private static final int MAX_LENGTH = 2_000;

    /** A complaint about one field of the request, whose rest may quote what the field holds. */
    private static final Pattern OF_FIELD = Pattern.compile("[a-z_]+(?:\\.[\\w-]+|\\[\\d+])+: .*", Pattern.DOTALL);

    /**
     * A sentence that begins the text, or the message of an error that is quoted whole: after a colon or in quotation marks the
     * words may be the request's own.
     */
    private static final Pattern OUT_OF_CREDIT = Pattern.compile(
            "(?:^(?:\\d{3} )?|\"message\": ?\")[\\w'\u2019() -]{0,120}?(?:credit balance|usage limits?\\b"
                    + "|spend(?:ing)? (?:limit|cap)|extra usage|credits? (?:are |is )?depleted|available credits|out of credits|requires a subscription"
                    + "|(?:any|more|enough) credits|insufficient (?:balance|credits?|funds|quota)|budget has been exceeded)");

    private static final Pattern TOO_LONG = Pattern.compile("prompt (?:is )?too long|input is too long"
            + "|input token count.{0,40}exceeds|input tokens exceed|maximum context length|longer than the context"
            + "|exceed(?:s|ed)? (?:the )?(?:model'?s )?(?:available |maximum |max )?context"
            + "|context (?:length|window|size|limit).{0,60}(?:exceed|too (?:long|large))");

    /** What was asked for or answered was refused for its content. */
    private static final Pattern REFUSED = Pattern.compile("content[ _]policy[ _]violation|content_filter\\b"
            + "|content (?:filter(?:ing)?|management|moderation|safety) (?:polic|system)"
            + "|(?:blocked|rejected|refused|flagged) (?:by|for|due to|because of|as a result of) [^.]{0,60}"
            + "(?:content|safety|moderation|usage|prohibited)[^.]{0,20}(?:polic|filter|settings|system|reasons)"
            + "|(?:content|prompt|request|input|output) (?:was |is |has been )?(?:blocked|rejected|flagged) by (?:our |the )?(?:content |safety |usage )?polic"
            + "|violat\\w+ [^.]{0,40}(?:usage|content|safety) polic");

    private static final String NAME = "(?:(?:[\"'`][^\"'`]{1,200}[\"'`]|[\\w./:@+-]{1,200}),? )?";

    private static final Pattern NO_MODEL =
            Pattern.compile("\\bmodels?(?: id| name)?[ :/]+" + NAME + "(?:is |was |has been |does |do )?(?:currently )?"
                    + "(?:not found|not exist|doesn't exist|unknown|not available|no longer (?:available|supported)"
                    + "|deprecated|decommissioned|retired|removed|not supported(?=$|[.,;!\"']))"
                    + "|(?:invalid|unknown|unsupported|no such) model(?: name| id)?(?=$|[:.,;]| ['\"`]| passed)"
                    + "|not a valid model\\b|unexpected model name format|model identifier is invalid"
                    + "|no endpoints found for [\\w.-]+/|unable to access model");

    private static final Pattern PATH = Pattern.compile(
            "(?:404 ?:?)? ?(?:the )?(?:(?:requested )?(?:page|path|route|url|method|endpoint|resource) )?(?:was )?not found\\b.{0,100}"
                    + "|.{0,100}not defined by this api.{0,100}");

    private static final Pattern MONEY_CODE =
            Pattern.compile("billing_\\w+|credits?_\\w+|insufficient_(?:quota|balance|credits?|funds)"
                    + "|\\w*spend(?:ing)?_limit\\w*|\\w*budget_exceeded|exceeded_current_quota\\w*|payment_required");

    private static final Pattern MODEL_CODE = Pattern.compile("model_?not_?found(?:_?error)?"
            + "|model_(?:not_available|not_supported|decommissioned|deprecated|retired|does_not_exist)"
            + "|(?:invalid|unknown|unsupported)_model|deploymentnotfound");

    private final String text;

    private ErrorText(String text) {
        this.text = text;
    }

    /**
     * Returns the text of {@code error}, or of the error in it: from {@code message}, {@code error} or {@code detail}, as services
     * and the gateways before them name it, also of the first entry where it is a list. Without any of them it is empty.
     */
    public static ErrorText of(JsonNode error) {
        JsonNode inner = error(error);
        JsonNode detail = inner.path("detail");
        // Some write the message in place of the object.
        String stated =
                inner.isTextual() ? inner.textValue() : inner.path("error").asText("");
        String found = inner.path("message").asText(stated)
                + detail.path(0).path("msg").asText(detail.asText(""));
        return new ErrorText(
                found.substring(0, Math.min(found.length(), MAX_LENGTH)).strip().toLowerCase(Locale.ROOT));
    }

    /** Returns the object that describes the error: that in {@code error}, or the body where the service has no such object. */
    public static JsonNode error(JsonNode body) {
        JsonNode first = body.isArray() ? body.path(0) : body;
        return first.path("error").isObject() ? first.path("error") : first;
    }

    /** Returns what a code or a type of an error means that names an empty account or a missing model; else empty. */
    public static Optional<FailureKind> kindOfCode(String code) {
        String word = code.toLowerCase(Locale.ROOT);
        if (MONEY_CODE.matcher(word).matches()) {
            return Optional.of(FailureKind.QUOTA_EXHAUSTED);
        }
        return MODEL_CODE.matcher(word).matches() ? Optional.of(FailureKind.MODEL_NOT_FOUND) : Optional.empty();
    }

    /** Returns the kind that the text names; empty when it names none. */
    public Optional<FailureKind> kind() {
        if (OF_FIELD.matcher(text).matches()) {
            return Optional.empty();
        }
        if (isOutOfCredit()) {
            return Optional.of(FailureKind.QUOTA_EXHAUSTED);
        }
        if (TOO_LONG.matcher(text).find()) {
            return Optional.of(FailureKind.CONTEXT_TOO_LONG);
        }
        if (REFUSED.matcher(text).find()) {
            return Optional.of(FailureKind.CONTENT_REFUSED);
        }
        return NO_MODEL.matcher(text).find() ? Optional.of(FailureKind.MODEL_NOT_FOUND) : Optional.empty();
    }

    /**
     * Returns {@code implied}, or the kind that the text names where that is more exact: a bad request may be any of them, a
     * rejected key and a rate limit may be an empty account.
     *
     * @param implied what status and code imply
     */
    public FailureKind refine(FailureKind implied) {
        return switch (implied) {
            case INVALID_REQUEST -> kind().orElse(implied);
            case AUTHENTICATION, RATE_LIMITED -> isOutOfCredit() ? FailureKind.QUOTA_EXHAUSTED : implied;
            case QUOTA_EXHAUSTED,
                    OVERLOADED,
                    TIMEOUT,
                    UNAVAILABLE,
                    PROTOCOL,
                    MODEL_NOT_FOUND,
                    CONTEXT_TOO_LONG,
                    TOO_LARGE_FOR_LIMIT,
                    CONTENT_REFUSED,
                    UNSUPPORTED,
                    CANCELLED -> implied;
        };
    }

    /** Whether the text is about the path of the request: a base URL is wrong, or a gateway has no such route. */
    public boolean isAboutPath() {
        return PATH.matcher(text).matches();
    }

    /** Whether there is no text. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** Whether the text has {@code words}, which are in lower case. */
    public boolean has(String words) {
        return text.contains(words);
    }

    private boolean isOutOfCredit() {
        return OUT_OF_CREDIT.matcher(text).find();
    }

    @Override
    public String toString() {
        return "ErrorText";
    }
}
