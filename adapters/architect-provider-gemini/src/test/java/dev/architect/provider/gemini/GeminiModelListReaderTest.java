package dev.architect.provider.gemini;

import static dev.architect.provider.gemini.StubbedGemini.call;
import static dev.architect.provider.gemini.StubbedGemini.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Tool;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ModelState;
import dev.architect.model.ProviderException;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models, counts of tokens and vectors. */
class GeminiModelListReaderTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(9);

    @Test
    void readsEveryPageOfTheModels() {
        StubbedGemini cases = new StubbedGemini(
                "{'models':[{'name':'models/gemini-3.5-flash','inputTokenLimit':1048576,'outputTokenLimit':65536},{}],"
                        + "'nextPageToken':'a/b'}",
                "{'models':[{'name':'models/gemma-3-27b-it'}]}");

        assertThat(cases.provider.models(TIMEOUT))
                .containsExactly(
                        new ModelInfo(
                                "gemini-3.5-flash", Optional.of(1_048_576L), Optional.of(65_536L), ModelState.HOSTED),
                        ModelInfo.hosted("gemma-3-27b-it"));
        assertThat(cases.sent)
                .extracting(request -> request.path())
                .containsExactly("/v1beta/models?pageSize=1000", "/v1beta/models?pageSize=1000&pageToken=a%2Fb");
    }

    @Test
    void countsToolsAndSystemTextToo() {
        StubbedGemini cases = new StubbedGemini("{'totalTokens':31}");
        ChatRequest request = ChatRequest.builder("Hello?")
                .system("Be brief.")
                .tools(new Tool("clock", "", "{}"))
                .build();

        assertThat(cases.provider.countTokens(call("gemini-3.5-flash", request)))
                .isEqualTo(31);
        assertThat(cases.sent.get(0).path()).isEqualTo("/v1beta/models/gemini-3.5-flash:countTokens");
        assertThat(cases.sentBody(0))
                .isEqualTo(tree("{'generateContentRequest':{'model':'models/gemini-3.5-flash',"
                        + "'contents':[{'role':'user','parts':[{'text':'Hello?'}]}],"
                        + "'systemInstruction':{'parts':[{'text':'Be brief.'}]},"
                        + "'tools':[{'functionDeclarations':[{'name':'clock','parametersJsonSchema':{'type':'object','properties':{}}}]}],"
                        + "'generationConfig':{}}}"));
    }

    @Test
    void makesOneVectorOfEachText() {
        StubbedGemini cases = new StubbedGemini("{'embeddings':[{'values':[0.5,-1]},{'values':[0,2e-1]}]}");

        EmbeddingAnswer answer = cases.provider.embed(
                new EmbeddingCall("gemini-embedding-001", List.of("a", "b"), Optional.of(2), TIMEOUT));

        assertThat(answer.vectors()).containsExactly(Embedding.of(0.5f, -1f), Embedding.of(0f, 0.2f));
        assertThat(answer.usage()).as("nothing was counted").isEqualTo(TokenUsage.UNKNOWN);
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
        assertThat(cases.sent.get(0).path()).isEqualTo("/v1beta/models/gemini-embedding-001:batchEmbedContents");
        assertThat(cases.sentBody(0))
                .isEqualTo(tree("{'requests':[{'model':'models/gemini-embedding-001',"
                        + "'content':{'parts':[{'text':'a'}]},'outputDimensionality':2},"
                        + "{'model':'models/gemini-embedding-001',"
                        + "'content':{'parts':[{'text':'b'}]},'outputDimensionality':2}]}"));
    }

    @Test
    void keepsWhatWasCountedForVectors() {
        StubbedGemini cases =
                new StubbedGemini("{'embeddings':[{'values':[1]}],'usageMetadata':{'promptTokenCount':4}}");

        EmbeddingAnswer answer =
                cases.provider.embed(new EmbeddingCall("gemini-embedding-2", List.of("a"), Optional.empty(), TIMEOUT));

        assertThat(answer.usage().toString()).isEqualTo("INPUT=4");
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'embeddings':[]}",
                "{'embeddings':[{'values':[]}]}",
                "{'embeddings':[{'values':['x']}]}",
                "{'embeddings':[{'values':[1e99]}]}",
                "{'embeddings':[{'values':[1]},{'values':[1]}]}"
            })
    void vectorsThatAreNoneAreAFailure(String body) {
        EmbeddingCall call = new EmbeddingCall("gemini-embedding-001", List.of("a"), Optional.empty(), TIMEOUT);

        assertThat(catchThrowableOfType(ProviderException.class, () -> new StubbedGemini(body).provider.embed(call))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }
}
