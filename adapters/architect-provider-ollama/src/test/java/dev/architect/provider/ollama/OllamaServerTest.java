package dev.architect.provider.ollama;

import static dev.architect.provider.ollama.StubbedOllama.TIMEOUT;
import static dev.architect.provider.ollama.StubbedOllama.failure;
import static dev.architect.provider.ollama.StubbedOllama.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Tool;
import dev.architect.embedding.Embedding;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ModelState;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server has and does beside answering: its models, what they can do, fetching them, vectors. */
class OllamaServerTest {

    private static final EmbeddingCall TEXTS =
            new EmbeddingCall("nomic-embed-text", List.of("one", "two"), Optional.empty(), TIMEOUT);

    @Test
    void listsModelsWithWhereTheyAre() {
        StubbedOllama stub = new StubbedOllama(Map.of(
                "/api/tags",
                "{'models':[{'name':'llama3.2:latest','model':'llama3.2:latest','size':2019393189,'digest':'a'},"
                        + "{'name':'qwen3:8b','model':'qwen3:8b','size':5,'digest':'b'},"
                        + "{'name':'gpt-oss:120b-cloud','remote_model':'gpt-oss:120b','remote_host':'https://ollama.com'}]}",
                "/api/ps",
                "{'models':[{'name':'qwen3:8b','model':'qwen3:8b','context_length':8192,'size_vram':5}]}"));

        assertThat(stub.provider().models(TIMEOUT))
                .containsExactly(
                        new ModelInfo("llama3.2:latest", Optional.empty(), Optional.empty(), ModelState.PULLED),
                        new ModelInfo("qwen3:8b", Optional.of(8192L), Optional.empty(), ModelState.LOADED),
                        new ModelInfo("gpt-oss:120b-cloud", Optional.empty(), Optional.empty(), ModelState.REMOTE));
    }

    @Test
    void aListThatIsNoneIsAFailure() {
        assertThat(failure(() -> new StubbedOllama("{}").provider().models(TIMEOUT))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void readsTheCapabilitiesOfAModelFromTheServer() {
        StubbedOllama stub =
                new StubbedOllama("{'capabilities':['completion','vision','tools','thinking','insert','audio'],"
                        + "'model_info':{'general.architecture':'gemma3','gemma3.context_length':131072}}");

        OllamaModel model = stub.provider().describe("own-model", TIMEOUT);

        assertThat(stub.sent().get(0).body().orElseThrow()).isEqualTo(tree("{'model':'own-model'}"));
        assertThat(model.info())
                .isEqualTo(new ModelInfo("own-model", Optional.of(131072L), Optional.empty(), ModelState.PULLED));
        assertThat(model.capabilities())
                .contains(Capability.STREAMING, Capability.TOOLS, Capability.IMAGES, Capability.REASONING_EFFORT)
                .contains(Capability.JSON_SCHEMA)
                .doesNotContain(Capability.EMBEDDINGS, Capability.TOOL_CHOICE);
    }

    @Test
    void aRemoteModelAndOneOfVectorsAreDescribedAsSuch() {
        OllamaModel remote = new StubbedOllama(
                        "{'capabilities':['completion','tools'],'remote_host':'https://ollama.com'}")
                .provider()
                .describe("gpt-oss:120b-cloud", TIMEOUT);
        assertThat(remote.info().state()).isEqualTo(ModelState.REMOTE);
        assertThat(remote.info().contextTokens()).isEmpty();
        assertThat(remote.capabilities()).contains(Capability.TOOLS).doesNotContain(Capability.JSON_SCHEMA);

        assertThat(new StubbedOllama("{'capabilities':['embedding']}")
                        .provider()
                        .describe("m", TIMEOUT)
                        .capabilities())
                .containsExactly(Capability.EMBEDDINGS);
    }

    @Test
    void aStatedModelIsBelieved() {
        ChatRequest request =
                ChatRequest.builder("Rain?").tools(new Tool("t", "T.", "{}")).build();
        ProviderCall call = new ProviderCall("own-model", request, TIMEOUT);
        StubbedOllama stub = new StubbedOllama(StubbedOllama.DONE);
        assertThat(failure(() -> stub.provider().chat(call)).kind()).isEqualTo(FailureKind.UNSUPPORTED);

        try (OllamaProvider provider = OllamaProvider.builder()
                .capabilities("own-model", Set.of(Capability.TOOLS))
                .build()) {
            assertThat(provider.capabilities("own-model")).containsExactly(Capability.TOOLS);
        }
    }

    /** Those that think begin with thoughts, and hosted ones are their vendor's. */
    @Test
    void modelsThatDoNotThinkContinueAnAnswer() throws Exception {
        OllamaProvider provider = new StubbedOllama("{}").provider();

        for (String model : List.of("llama3.2:3b", "gemma3", "unknown-model")) {
            assertThat(provider.capabilities(model)).as(model).contains(Capability.PREFILL);
        }
        for (String model : List.of("qwen3:8b", "gpt-oss:20b", "deepseek-v3.1:671b-cloud", "kimi:cloud", "bge-m3")) {
            assertThat(provider.capabilities(model)).as(model).doesNotContain(Capability.PREFILL);
        }
        assertThat(described("{'capabilities':['completion','tools']}")).contains(Capability.PREFILL);
        assertThat(described("{'capabilities':['completion','thinking']}")).doesNotContain(Capability.PREFILL);
        assertThat(described("{'capabilities':['completion'],'remote_host':'https://ollama.com'}"))
                .doesNotContain(Capability.PREFILL);
    }

    private static Set<Capability> described(String reply) {
        return new StubbedOllama(reply).provider().describe("m", TIMEOUT).capabilities();
    }

    @Test
    void aNameDeterminesTheCapabilitiesOfAModel() {
        OllamaProvider provider = new StubbedOllama("{}").provider();

        assertThat(provider.capabilities("llama3.2:3b"))
                .contains(Capability.TOOLS)
                .doesNotContain(Capability.IMAGES);
        assertThat(provider.capabilities("llama3.2-vision")).contains(Capability.IMAGES);
        assertThat(provider.capabilities("me/Qwen3:8b")).contains(Capability.TOOLS, Capability.REASONING_EFFORT);
        assertThat(provider.capabilities("qwen3-coder:30b")).doesNotContain(Capability.REASONING_EFFORT);
        assertThat(provider.capabilities("gemma3n")).doesNotContain(Capability.IMAGES);
        assertThat(provider.capabilities("unknown-model"))
                .contains(Capability.STREAMING, Capability.JSON_SCHEMA)
                .doesNotContain(Capability.TOOLS, Capability.EMBEDDINGS);
        for (String model : List.of("nomic-embed-text", "qwen3-embedding:4b", "all-minilm", "bge-m3")) {
            assertThat(provider.capabilities(model)).containsExactly(Capability.EMBEDDINGS);
        }
        for (Capability never : List.of(
                Capability.TOOL_CHOICE,
                Capability.SINGLE_TOOL_CALL,
                Capability.CACHE_BREAKPOINTS,
                Capability.TOKEN_COUNT,
                Capability.MEDIA_LINKS,
                Capability.DOCUMENT_INPUT)) {
            assertThat(provider.capabilities("qwen3-vl")).doesNotContain(never);
        }
    }

    @Test
    void pullsAModelAndReportsProgress() {
        StubbedOllama stub = new StubbedOllama("{'status':'pulling manifest'}\n"
                + "{'status':'pulling dde5aa3fc5ff','digest':'sha256:dde5','total':2019377376,'completed':65536}\n"
                + "{'status':'verifying sha256 digest'}\n{'status':'success'}\n");
        List<OllamaPullProgress> received = new ArrayList<>();

        stub.provider().pull("llama3.2", TIMEOUT, received::add);

        assertThat(stub.sent().get(0).path()).isEqualTo("/api/pull");
        assertThat(stub.sent().get(0).body().orElseThrow()).isEqualTo(tree("{'model':'llama3.2','stream':true}"));
        assertThat(received)
                .containsExactly(
                        new OllamaPullProgress("pulling manifest", "", Optional.empty(), Optional.empty()),
                        new OllamaPullProgress(
                                "pulling dde5aa3fc5ff", "sha256:dde5", Optional.of(2019377376L), Optional.of(65536L)),
                        new OllamaPullProgress("verifying sha256 digest", "", Optional.empty(), Optional.empty()),
                        new OllamaPullProgress("success", "", Optional.empty(), Optional.empty()));
        assertThat(received.get(1).totalBytes()).hasValue(2019377376L);
        assertThat(received.get(1).completedBytes()).hasValue(65536L);
        assertThat(received.get(0).totalBytes()).isEmpty();
        assertThat(received.get(0).completedBytes()).isEmpty();
    }

    @Test
    void anUnknownModelIsNotFetched() {
        ProviderException failure =
                pullFailure("{'status':'pulling manifest'}\n{'error':'pull model manifest: file does not exist'}\n");

        assertThat(failure.kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
        assertThat(failure.model()).hasToString("ollama/llama3.2");
        assertThat(failure).message().doesNotContain("manifest");
    }

    @Test
    void fetchingThatBreaksOffIsAFailure() {
        assertThat(pullFailure("{'error':'max retries exceeded: unexpected EOF'}\n")
                        .kind())
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(pullFailure("{'status':'pulling manifest'}\n").kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThatThrownBy(() -> new StubbedOllama("{'status':'success'}\n")
                        .provider()
                        .pull("llama3.2", TIMEOUT, progress -> {
                            throw new IllegalStateException("enough");
                        }))
                .hasMessage("enough");
    }

    @Test
    void turnsTextsIntoVectors() {
        StubbedOllama stub = new StubbedOllama(
                "{'model':'nomic-embed-text','embeddings':[[0.25,-1],[1e-3,0]],'prompt_eval_count':7}");

        EmbeddingAnswer answer = stub.provider().embed(TEXTS);

        assertThat(stub.sent().get(0).path()).isEqualTo("/api/embed");
        assertThat(stub.sent().get(0).body().orElseThrow())
                .isEqualTo(tree("{'model':'nomic-embed-text','truncate':false,'input':['one','two']}"));
        assertThat(answer.model()).isEqualTo("nomic-embed-text");
        assertThat(answer.vectors()).containsExactly(Embedding.of(0.25f, -1), Embedding.of(0.001f, 0));
        assertThat(answer.usage()).isEqualTo(new TokenUsage(Map.of(UsageBucket.INPUT, 7L)));
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    @Test
    void requestsTheLengthOfVectorsAndLeavesAMissingCountUnknown() {
        StubbedOllama stub = new StubbedOllama("{'embeddings':[[0.5]]}");

        EmbeddingAnswer answer =
                stub.provider().embed(new EmbeddingCall("qwen3-embedding", List.of("one"), Optional.of(256), TIMEOUT));

        assertThat(stub.sent().get(0).body().orElseThrow().path("dimensions").asInt())
                .isEqualTo(256);
        assertThat(answer.model()).isEqualTo("qwen3-embedding");
        assertThat(answer.usage().isUnknown()).isTrue();
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'embeddings':[[1]]}",
                "{'embeddings':[[1],[]]}",
                "{'embeddings':[[1],['2']]}",
                "{'embeddings':[[1],[1e99]]}",
                "{'embeddings':[[1],[2],[3]]}"
            })
    void vectorsThatAreNoneAreAFailure(String body) {
        assertThat(failure(() -> new StubbedOllama(body).provider().embed(TEXTS))
                        .kind())
                .isEqualTo(FailureKind.PROTOCOL);
    }

    @Test
    void aModelThatChatsMakesNoVectors() {
        StubbedOllama stub = new StubbedOllama("{}");

        ProviderException failure = failure(
                () -> stub.provider().embed(new EmbeddingCall("llama3.2", List.of("one"), Optional.empty(), TIMEOUT)));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(failure).hasMessageContaining("EMBEDDINGS");
        assertThat(stub.sent()).isEmpty();
    }

    @Test
    void countsNoTokensBeforehand() {
        ProviderException failure =
                failure(() -> new StubbedOllama("{}").provider().countTokens(OllamaReplay.call()));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
    }

    private static ProviderException pullFailure(String lines) {
        return failure(() -> new StubbedOllama(lines).provider().pull("llama3.2", TIMEOUT, progress -> {}));
    }
}
