package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.architect.model.FailureKind;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{'message':'Model X'}}",
                "{'error':{'error':'Model X'}}",
                "{'error':'Model X'}",
                "{'message':'Model X'}",
                "{'detail':'Model X'}",
                "{'detail':[{'msg':'Model X'}]}",
                "[{'error':{'message':'Model X'}}]"
            })
    void isFoundWhereverItStands(String body) throws IOException {
        ErrorText text = ErrorText.of(new ObjectMapper().readTree(body.replace('\'', '"')));

        assertThat(text.has("model x")).isTrue();
        assertThat(text.isEmpty()).isFalse();
        assertThat(text).hasToString("ErrorText");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "1", "{'error':null}", "{'error':{'message':null}}", "{'detail':[]}"})
    void isEmptyWhereThereIsNone(String body) throws IOException {
        ErrorText text = ErrorText.of(new ObjectMapper().readTree(body.replace('\'', '"')));

        assertThat(text.isEmpty()).isTrue();
        assertThat(text.kind()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "content_policy_violation: Output blocked by content filtering policy. | CONTENT_REFUSED",
                "Output blocked by content filtering policy | CONTENT_REFUSED",
                "The response was filtered due to the prompt triggering Azure's content management policy. | CONTENT_REFUSED",
                "Your request was rejected as a result of our safety system. | CONTENT_REFUSED",
                "The prompt was blocked due to prohibited content policy | CONTENT_REFUSED",
                "This request would violate our usage policies. | CONTENT_REFUSED",
                "Your credit balance is too low to access the Anthropic API. | QUOTA_EXHAUSTED",
                "400 Your credit balance is too low to access the Anthropic API. | QUOTA_EXHAUSTED",
                "400 {\"error\":{\"message\":\"Your credit balance is too low.\"}} | QUOTA_EXHAUSTED",
                "You have reached your specified API usage limits. | QUOTA_EXHAUSTED",
                "Insufficient Balance | QUOTA_EXHAUSTED",
                "Credit balance is too low | QUOTA_EXHAUSTED",
                "you (ae2055) have reached your session usage limit, upgrade for higher limits | QUOTA_EXHAUSTED",
                "You have run out of credits or need a subscription. | QUOTA_EXHAUSTED",
                "this model requires a subscription, upgrade for access | QUOTA_EXHAUSTED",
                "This request requires more credits, or fewer max_tokens. | QUOTA_EXHAUSTED",
                "No endpoints found for a-b/c-3.1:free. | MODEL_NOT_FOUND",
                "No endpoints found that support tool use. |",
                "Your organization has reached its monthly usage limit. | QUOTA_EXHAUSTED",
                "This workspace's spend limit was reached. | QUOTA_EXHAUSTED",
                "Your team 5b0a-11 has either used all available credits or not begun. | QUOTA_EXHAUSTED",
                "You\u2019ve reached the spending cap. | QUOTA_EXHAUSTED",
                "Invalid value: 'You have reached your specified API usage limits'. |",
                "You requested up to 9 tokens and need more credits. | QUOTA_EXHAUSTED",
                "You exceeded your current quota, please check your plan and billing details. |",
                "This request would exceed your organization's rate limit of 30,000 input tokens per minute. |",
                "The user wrote: your credit balance is too low. |",
                "This model's maximum context length is 8192 tokens. | CONTEXT_TOO_LONG",
                "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000 | CONTEXT_TOO_LONG",
                "The input exceeds the model's context window. | CONTEXT_TOO_LONG",
                "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000. | CONTEXT_TOO_LONG",
                "The input token count (9) exceeds the maximum number of tokens allowed (3). | CONTEXT_TOO_LONG",
                "context_management: unknown strategy |",
                "The model `a/b:c-1.5` does not exist. | MODEL_NOT_FOUND",
                "model 'a' not found | MODEL_NOT_FOUND",
                "Model a is no longer available | MODEL_NOT_FOUND",
                "The model `a` has been retired | MODEL_NOT_FOUND",
                "Invalid model 'a'. Permitted models are listed elsewhere. | MODEL_NOT_FOUND",
                "unknown model: a | MODEL_NOT_FOUND",
                "Model a does not support images |",
                "The model is not supported with tools |",
                "Invalid model output |",
                "File not found |"
            })
    void namesTheCause(String message, FailureKind kind) {
        assertThat(text(message).kind()).isEqualTo(Optional.ofNullable(kind));
    }

    /** What follows the path of a field may be a value of the request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages.0.content: Your credit balance is too low",
                "messages[0].content: prompt is too long",
                "tools.0.custom.name: model 'a' not found"
            })
    void aComplaintAboutAFieldNamesNothingElse(String message) {
        assertThat(text(message).kind()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Not Found | true",
                "404 page not found | true",
                "Method not found. | true",
                "The requested URL was not found on this server. | true",
                "The current request is not defined by this API. | true",
                "Requested entity was not found. | false",
                "models/a is not found | false",
                "File a was not found | false",
                "No. | false"
            })
    void aPathThatIsMissingIsKnown(String message, boolean isAboutPath) {
        assertThat(text(message).isAboutPath()).isEqualTo(isAboutPath);
    }

    @ParameterizedTest
    @EnumSource(FailureKind.class)
    void refinesOnlyWhatAStatusLeavesOpen(FailureKind implied) {
        boolean isOpen = implied == FailureKind.INVALID_REQUEST
                || implied == FailureKind.AUTHENTICATION
                || implied == FailureKind.RATE_LIMITED;

        assertThat(text("Your credit balance is too low.").refine(implied))
                .isEqualTo(isOpen ? FailureKind.QUOTA_EXHAUSTED : implied);
        assertThat(text("model 'a' not found").refine(implied))
                .isEqualTo(implied == FailureKind.INVALID_REQUEST ? FailureKind.MODEL_NOT_FOUND : implied);
        assertThat(text("").refine(implied)).isEqualTo(implied);
    }

    @ParameterizedTest
    @CsvSource({
        "insufficient_quota, QUOTA_EXHAUSTED",
        "billing_hard_limit_reached, QUOTA_EXHAUSTED",
        "credit_balance_exhausted, QUOTA_EXHAUSTED",
        "project_spend_limit_reached, QUOTA_EXHAUSTED",
        "budget_exceeded, QUOTA_EXHAUSTED",
        "model_not_found, MODEL_NOT_FOUND",
        "invalid_model, MODEL_NOT_FOUND",
        "DeploymentNotFound, MODEL_NOT_FOUND",
        "insufficient_system_resource, ",
        "insufficient_permissions, ",
        "not_found, ",
        "404, ",
        "'', "
    })
    void aCodeHasItsKind(String code, FailureKind kind) {
        assertThat(ErrorText.kindOfCode(code)).isEqualTo(Optional.ofNullable(kind));
    }

    /** A gateway may answer with a page of any size. */
    @Test
    @Timeout(10)
    void aLongTextTakesNoLongTime() {
        for (String piece :
                new String[] {"model ", "context length ", "a.", "\"message\":\"you ", "input token count "}) {
            assertThat(text(piece.repeat(100_000)).kind()).isEmpty();
        }
    }

    private static ErrorText text(String message) {
        return ErrorText.of(JsonNodeFactory.instance.objectNode().put("message", message));
    }
}
