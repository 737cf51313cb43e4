package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The list of models, counts of tokens, and vectors. */
class OpenAiServiceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String EMBEDDING = "text-embedding-3-small";

    @Test
    void listsModels() {
        StubbedOpenAi stub = stub("""
                {"object":"list","data":[{"id":"gpt-5.4","object":"model","created":1,"owned_by":"system","shutdown_date":null},
                                         {"id":""},{"id":"gpt-4o"}]}""");
        try (OpenAiProvider provider = stub.open()) {
            assertThat(provider.models(TIMEOUT))
                    .containsExactly(ModelInfo.hosted("gpt-5.4"), ModelInfo.hosted("gpt-4o"));
        }
        assertThat(stub.path()).isEqualTo("/models");
    }

    /** Chat Completions has no way to count; Responses counts for both. */
    @Test
    void countsTokensThroughResponses() {
        StubbedOpenAi stub = stub("{\"object\":\"response.input_tokens\",\"input_tokens\":16}");
        ChatRequest request = ChatRequest.builder("Weather?")
                .system("Be brief.")
                .tools(OpenAiConversations.WEATHER)
                .maxOutputTokens(3)
                .temperature(0.5)
                .stopSequences(List.of("END"))
                .option("openai.service_tier", "flex")
                .build();
        try (OpenAiProvider provider = stub.open()) {
            assertThat(provider.countTokens(StubbedOpenAi.call("gpt-4o-mini", request)))
                    .isEqualTo(16);
        }
        assertThat(stub.path()).isEqualTo("/responses/input_tokens");
        assertThat(stub.sent()).isEqualTo(StubbedOpenAi.json("""
                {"model":"gpt-4o-mini","instructions":"Be brief.","input":[{"role":"user","content":"Weather?"}],
                 "tools":[{"type":"function","name":"weather","description":"Tells the weather.","strict":false,"parameters":
                   {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}]}"""));
    }

    @Test
    void putsVectorsInTheOrderOfTheTexts() {
        StubbedOpenAi stub = stub("""
                {"object":"list","model":"text-embedding-3-small","data":[
                  {"object":"embedding","index":1,"embedding":[0,1]},{"object":"embedding","index":0,"embedding":[0.6,-8e-1]}],
                 "usage":{"prompt_tokens":5,"total_tokens":5}}""");
        try (OpenAiProvider provider = stub.open()) {
            EmbeddingAnswer answer =
                    provider.embed(new EmbeddingCall(EMBEDDING, List.of("a fox", "a dog"), Optional.of(2), TIMEOUT));

            assertThat(answer.vectors()).containsExactly(Embedding.of(0.6f, -0.8f), Embedding.of(0, 1));
            assertThat(answer.usage().count(UsageBucket.INPUT)).isEqualTo(5);
            assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        }
        assertThat(stub.path()).isEqualTo("/embeddings");
        assertThat(stub.sent()).isEqualTo(StubbedOpenAi.json("""
                {"model":"text-embedding-3-small","input":["a fox","a dog"],"dimensions":2,"encoding_format":"float"}"""));
    }

    @Test
    void vectorsThatAreMissingOrBrokenAreNoAnswer() {
        for (String data : List.of(
                "[]",
                "[{\"index\":1,\"embedding\":[1]}]",
                "[{\"index\":0,\"embedding\":[]}]",
                "[{\"index\":0,\"embedding\":[\"x\"]}]",
                "[{\"index\":0,\"embedding\":[1e99]}]")) {
            try (OpenAiProvider provider = stub("{\"data\":" + data + "}").open()) {
                assertThat(failure(() -> provider.embed(call(EMBEDDING, null))).kind())
                        .as(data)
                        .isEqualTo(FailureKind.PROTOCOL);
            }
        }
    }

    @Test
    void refusesVectorsThatNoModelMakes() {
        assertUnsupported(call("gpt-4o", null), "EMBEDDINGS");
        assertUnsupported(call("text-embedding-ada-002", 256), "dimensions is 256");
        assertUnsupported(
                new EmbeddingCall(EMBEDDING, Collections.nCopies(2049, "x"), Optional.empty(), TIMEOUT),
                "texts has 2049 entries");
    }

    private static void assertUnsupported(EmbeddingCall call, String expected) {
        try (OpenAiProvider provider = stub("{}").open()) {
            ProviderException failure = failure(() -> provider.embed(call));
            assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
            assertThat(failure).hasMessageContaining(expected);
        }
    }

    private static EmbeddingCall call(String model, Integer dimensions) {
        return new EmbeddingCall(model, List.of("a fox"), Optional.ofNullable(dimensions), TIMEOUT);
    }

    private static StubbedOpenAi stub(String reply) {
        return StubbedOpenAi.replying(OpenAiApi.CHAT_COMPLETIONS, 200, reply);
    }

    private static ProviderException failure(Runnable call) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, call::run);
        assertThat(failure).isNotNull();
        return failure;
    }
}
