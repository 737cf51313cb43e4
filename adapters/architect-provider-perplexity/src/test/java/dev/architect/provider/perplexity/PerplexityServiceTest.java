package dev.architect.provider.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of models, and vectors. */
class PerplexityServiceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String SMALL = "pplx-embed-v1-0.6b";

    private final List<HttpRequest> requests = new ArrayList<>();

    @Test
    void listsModelsWithoutTheirPrices() {
        assertThat(replying("{'data':[{'id':'openai/gpt-6-luna','pricing':{'input':0.1}},{'id':null},{}]}")
                        .models(TIMEOUT))
                .containsExactly(ModelInfo.hosted("openai/gpt-6-luna"));
        assertThat(failure(() -> replying("{'models':[]}").models(TIMEOUT)).kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    /** AQL/ is the bytes 1, 2 and -1. */
    @Test
    void readsVectorsOfSignedBytesInTheOrderOfTheTexts() {
        EmbeddingAnswer answer = replying("{'model':'" + SMALL + "','data':[{'index':1,'embedding':'gH8A'},"
                        + "{'index':0,'embedding':'AQL/'}],'usage':{'prompt_tokens':7,'total_tokens':7}}")
                .embed(new EmbeddingCall(SMALL, List.of("a", "b"), Optional.of(128), TIMEOUT));

        assertThat(answer.vectors()).containsExactly(Embedding.of(1, 2, -1), Embedding.of(-128, 127, 0));
        assertThat(answer.usage().toString()).isEqualTo("INPUT=7");
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(requests.get(0).path()).isEqualTo("/v1/embeddings");
        assertThat(requests.get(0).body().orElseThrow())
                .isEqualTo(StubbedPerplexity.tree("{'model':'" + SMALL
                        + "','input':['a','b'],'dimensions':128,'encoding_format':'base64_int8'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'data':[{'index':0,'embedding':'AQL/'}]}",
                "{'data':[{'index':0,'embedding':'AQL/'},{'index':0,'embedding':'AQL/'}]}",
                "{'data':[{'index':0,'embedding':'AQL/'},{'index':2,'embedding':'AQL/'}]}",
                "{'data':[{'index':0,'embedding':'AQL/'},{'index':1,'embedding':'AQI='}]}",
                "{'data':[{'index':0,'embedding':'AQL/'},{'index':1,'embedding':''}]}",
                "{'data':[{'index':0,'embedding':'AQL/'},{'index':1,'embedding':[1,2]}]}",
                "{'data':[{'index':0,'embedding':'AQL/'},{'index':1,'embedding':'no base64'}]}"
            })
    void vectorsThatDoNotFitTheTextsAreAFailure(String reply) {
        EmbeddingCall call = new EmbeddingCall(SMALL, List.of("a", "b"), Optional.empty(), TIMEOUT);

        assertThat(failure(() -> replying(reply).embed(call)).kind()).isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void refusesWhatNoModelTurnsIntoVectors() {
        assertThat(refused("perplexity/sonar", 1, null)).hasMessageContaining("model lacks [EMBEDDINGS]");
        assertThat(refused(SMALL, 513, null)).hasMessageContaining("texts has 513 entries, expected 1..512");
        assertThat(refused(SMALL, 1, 127)).hasMessageContaining("dimensions is 127, expected 128..1024");
        assertThat(refused(SMALL, 1, 1025)).hasMessageContaining("dimensions is 1025, expected 128..1024");
        assertThat(refused("pplx-embed-v1-4b", 1, 2561)).hasMessageContaining("expected 128..2560");
    }

    @Test
    void aModelOfVectorsDoesNotChat() {
        ProviderCall call = new ProviderCall(SMALL, ChatRequest.of("Hello?"), TIMEOUT);

        assertThat(failure(() -> replying("{}").chat(call)))
                .hasMessageContaining("model makes vectors, expected one that answers")
                .extracting(ProviderException::kind)
                .isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(requests).isEmpty();
    }

    private ProviderException refused(String model, int texts, Integer dimensions) {
        EmbeddingCall call =
                new EmbeddingCall(model, Collections.nCopies(texts, "a"), Optional.ofNullable(dimensions), TIMEOUT);
        ProviderException failure = failure(() -> replying("{}").embed(call));
        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(requests).isEmpty();
        return failure;
    }

    private static ProviderException failure(Runnable asking) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, asking::run);
        assertThat(failure).isNotNull();
        return failure;
    }

    private PerplexityProvider replying(String reply) {
        return PerplexityProvider.builder(name -> Optional.of("key"))
                .replies(request -> {
                    requests.add(request);
                    return Reply.of(200, ReplyHeaders.none(), reply.replace('\'', '"'));
                })
                .build();
    }
}
