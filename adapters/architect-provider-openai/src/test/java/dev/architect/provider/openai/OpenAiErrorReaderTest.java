package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of OpenAI and of the services that speak its format. */
class OpenAiErrorReaderTest {

    @ParameterizedTest
    @CsvSource({
        "429, insufficient_quota, insufficient_quota",
        "429, credit_balance_exhausted, invalid_request_error",
        "400, billing_hard_limit_reached, invalid_request_error",
        "429, billing_not_active, invalid_request_error",
        "429, project_spend_limit_reached, rate_limit_error",
        "403, insufficient_balance, invalid_request_error",
        "429, '', exceeded_current_quota_error",
        "400, '', budget_exceeded",
        "402, invalid_request_error, unknown_error"
    })
    void anAccountWithoutMoneyIsAnExhaustedQuota(int status, String code, String type) {
        ProviderException failure = failure(status, error(code, type, "No."));

        assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
        assertThat(failure.isTransient()).isFalse();
    }

    /** Services that speak OpenAI's format each have codes of their own, or none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | {\"code\":\"The caller does not have permission\",\"error\":\"Your team has either used all available credits or reached its monthly spending limit.\"}",
                "400 | {\"error\":{\"message\":\"Your credit balance is too low to access the service.\",\"type\":\"invalid_request_error\"}}",
                "400 | {\"error\":{\"message\":\"Budget has been exceeded! Current cost: 2, Max budget: 1\",\"type\":\"budget_exceeded\"}}"
            })
    void anAccountWithoutMoneyIsKnownByItsText(int status, String body) {
        assertThat(failure(status, body).kind()).isEqualTo(FailureKind.QUOTA_EXHAUSTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {\"error\":{\"message\":\"The model `gpt-9` does not exist or you do not have access to it.\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"model_not_found\"}}",
                "400 | {\"error\":{\"message\":\"The requested model 'gpt-9' does not exist.\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}",
                "403 | {\"error\":{\"message\":\"Project `p` does not have access to model `gpt-9`\",\"type\":\"invalid_request_error\",\"code\":\"model_not_found\"}}",
                "404 | {\"error\":{\"message\":\"The model `gpt-9` has been deprecated\",\"type\":\"invalid_request_error\",\"code\":null}}",
                "400 | {\"error\":{\"message\":\"The model `m` has been decommissioned and is no longer supported.\",\"type\":\"invalid_request_error\",\"code\":\"model_decommissioned\"}}",
                "404 | {\"object\":\"error\",\"message\":\"The model `m` does not exist.\",\"type\":\"NotFoundError\",\"param\":null,\"code\":404}",
                "400 | {\"object\":\"error\",\"message\":\"Invalid model: m\",\"type\":\"invalid_model\",\"param\":null,\"code\":\"1500\"}",
                "400 | {\"error\":{\"message\":\"Model Not Exist\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_request_error\"}}",
                "404 | {\"code\":\"Some requested entity was not found\",\"error\":\"The model m does not exist or your team does not have access to it.\"}",
                "404 | {\"error\":{\"message\":\"model 'm' not found\",\"type\":\"api_error\",\"param\":null,\"code\":null}}",
                "400 | {\"error\":{\"message\":\"m is not a valid model ID\",\"code\":400}}",
                "404 | {\"error\":{\"message\":\"No endpoints found for maker/m.\",\"code\":404}}",
                "404 | {\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"The API deployment for this resource does not exist.\"}}",
                "404 | [{\"error\":{\"code\":404,\"message\":\"models/m is not found for API version v1main.\",\"status\":\"NOT_FOUND\"}}]"
            })
    void aModelThatIsGoneIsNotFound(int status, String body) {
        ProviderException failure = failure(status, body);

        assertThat(failure.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
        assertThat(failure.isTransient()).isFalse();
        assertThat(failure).message().doesNotContain("exist");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "<html>404</html>",
                "{\"detail\":\"Not Found\"}",
                "{\"error\":{\"code\":\"404\",\"message\":\"Resource not found\"}}",
                "{\"error\":{\"message\":\"Invalid URL (POST /v2/chat/completions)\",\"type\":\"invalid_request_error\",\"code\":null}}",
                "{\"error\":{\"message\":\"No such File object: file-123\",\"type\":\"invalid_request_error\",\"param\":\"file_id\",\"code\":null}}",
                "{\"error\":{\"message\":\"Previous response with id 'resp_1' not found.\",\"type\":\"invalid_request_error\",\"code\":\"previous_response_not_found\"}}",
                "{\"error\":{\"message\":\"This is not a chat model and thus not supported in the v1/chat/completions endpoint.\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":null}}"
            })
    void another404IsNoMissingModel(String body) {
        assertThat(failure(404, body).kind()).isEqualTo(FailureKind.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unsupported parameter: 'temperature' is not supported with this model.",
                "Model gpt-5 does not support tools",
                "Unsupported value: 'minimal' is not supported with the 'gpt-6-sol' model."
            })
    void whatAModelCannotDoIsNoMissingModel(String message) {
        assertThat(failure(400, error("unsupported_parameter", "invalid_request_error", message))
                        .kind())
                .isEqualTo(FailureKind.INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({"model_not_found, MODEL_NOT_FOUND", "insufficient_quota, QUOTA_EXHAUSTED"})
    void anErrorInsideAStreamMeansTheSame(String code, FailureKind kind) {
        ProviderException failure = catchThrowableOfType(
                ProviderException.class,
                () -> StubbedOpenAi.streamed(
                        OpenAiApi.CHAT_COMPLETIONS, error(code, "invalid_request_error", "No."), piece -> {}));

        assertThat(failure.kind()).isEqualTo(kind);
    }

    private static ProviderException failure(int status, String body) {
        return catchThrowableOfType(
                ProviderException.class,
                () -> StubbedOpenAi.replying(OpenAiApi.CHAT_COMPLETIONS, status, body)
                        .chat("gpt-9", ChatRequest.of("Hello?")));
    }

    private static String error(String code, String type, String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":"
                + (code.isEmpty() ? "null" : "\"" + code + "\"") + "}}";
    }
}
