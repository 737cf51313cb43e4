package dev.architect.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.budget.Budget;
import dev.architect.budget.BudgetMode;
import dev.architect.budget.BudgetPeriod;
import dev.architect.budget.BudgetScope;
import dev.architect.cost.CostStatus;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients of OpenAI get vectors of every provider that makes them. */
final class OpenAiEmbeddingGatewayTest {

    private static final String POLICY = """
            baseline: openai/gpt-4o-mini
            models:
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
              - {model: openai/text-embedding-3-small, quality: 1, contextTokens: 300000}
              - {model: gemini/gemini-embedding-001, quality: 1, contextTokens: 200000}
              - {model: ollama/nomic-embed-text, quality: 1, contextTokens: 200000}
              - {model: perplexity/pplx-embed-v1-0.6b, quality: 1, contextTokens: 200000}
            """;

    @TempDir
    static Path folder;

    private static GatewayFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        fixture = new GatewayFixture(TimeSource.system(), Optional.of(policy));
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static HttpResponse<String> embed(String json) {
        return fixture.post(fixture.openAi("/v1/embeddings"), json);
    }

    @ParameterizedTest
    @CsvSource({
        "openai/text-embedding-3-small, 1536, true",
        "gemini/gemini-embedding-001, 3072, true",
        "ollama/nomic-embed-text, 768, true",
        // The standard prices have none of this one: its calls are unpriced, and never free.
        "perplexity/pplx-embed-v1-0.6b, 1024, false"
    })
    void everyProviderMakesVectorsThatAreCountedPricedAndBooked(String model, int dimensions, boolean hasPrice) {
        HttpResponse<String> response =
                embed("{\"model\":\"" + model + "\",\"input\":[\"a cat\",\"a dog\"],\"user\":\"ada\"}");

        JsonNode answer = GatewayFixture.json(response);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(answer.get("object").textValue()).isEqualTo("list");
        assertThat(answer.get("data")).hasSize(2);
        assertThat(answer.at("/data/1/index").intValue()).isEqualTo(1);
        assertThat(answer.at("/data/0/object").textValue()).isEqualTo("embedding");
        assertThat(answer.at("/data/0/embedding")).hasSize(dimensions);
        assertThat(answer.at("/data/0/embedding")).isNotEqualTo(answer.at("/data/1/embedding"));
        assertThat(answer.at("/usage/prompt_tokens").longValue())
                .isPositive()
                .isEqualTo(answer.at("/usage/total_tokens").longValue());
        assertThat(GatewayFixture.header(response, "architect-provider")).isEqualTo(model.split("/", 2)[0]);
        LedgerEntry entry =
                fixture.ledger(GatewayFixture.header(response, "x-request-id")).get(0);
        assertThat(entry.charge().cost().status() != CostStatus.UNPRICED).isEqualTo(hasPrice);
        assertThat(entry.metering().usage().completionTokens()).isZero();
        assertThat(entry.origin().attribution().user()).contains("ada");
        assertThat(GatewayFixture.header(response, "architect-cost-usd").isEmpty())
                .isNotEqualTo(hasPrice);
    }

    @Test
    void aNameWithoutAProviderFindsTheModel() {
        HttpResponse<String> response = embed("{\"model\":\"text-embedding-3-small\",\"input\":\"a cat\"}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(GatewayFixture.json(response).get("model").textValue()).isEqualTo("text-embedding-3-small");
    }

    @Test
    void bytesHoldTheSameNumbersAndDimensionsAreFollowed() {
        String body = "{\"model\":\"text-embedding-3-small\",\"input\":\"a cat\",\"dimensions\":256";
        JsonNode numbers = GatewayFixture.json(embed(body + "}")).at("/data/0/embedding");
        JsonNode bytes = GatewayFixture.json(embed(body + ",\"encoding_format\":\"base64\"}"))
                .at("/data/0/embedding");

        ByteBuffer decoded =
                ByteBuffer.wrap(Base64.getDecoder().decode(bytes.textValue())).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(numbers).hasSize(256);
        for (JsonNode number : numbers) {
            assertThat(decoded.getFloat()).isEqualTo(number.floatValue());
        }
        assertThat(decoded.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'model':'auto','input':'a'} | 400 | model",
                "{'model':'gpt-4o-mini','input':'a'} | 400 | model",
                "{'model':'text-embedding-9','input':'a'} | 404 | model",
                "{'input':'a'} | 400 | model",
                "{'model':'text-embedding-3-small'} | 400 | input",
                "{'model':'text-embedding-3-small','input':[]} | 400 | input",
                "{'model':'text-embedding-3-small','input':['a',' ']} | 400 | input[1]",
                "{'model':'text-embedding-3-small','input':[1,2]} | 400 | input[0]",
                "{'model':'text-embedding-3-small','input':'a','encoding_format':'int8'} | 400 | encoding_format",
                "{'model':'text-embedding-3-small','input':'a','dimensions':0} | 400 | dimensions",
                "{'model':'text-embedding-3-small','input':'a','stream':true} | 400 | stream"
            })
    void whatCannotBeDoneIsRefusedWithItsField(String body, int status, String param) {
        int before = fixture.architect.ledger().newest(500).size();

        HttpResponse<String> response = embed(body.replace('\'', '"'));

        JsonNode error = GatewayFixture.json(response).get("error");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(error.get("param").textValue()).isEqualTo(param);
        assertThat(error.get("type").textValue()).isEqualTo("invalid_request_error");
        assertThat(fixture.architect.ledger().newest(500)).hasSize(before);
    }

    @Test
    void aHardBudgetRefusesVectorsAsItRefusesAnswers() {
        fixture.architect
                .budgets()
                .set(new Budget(
                        "bob",
                        new BudgetScope(BudgetScope.Kind.USER, "bob"),
                        BudgetPeriod.TOTAL,
                        new Money(1),
                        BudgetMode.HARD));

        HttpResponse<String> response =
                embed("{\"model\":\"openai/text-embedding-3-small\",\"input\":\"a cat\",\"user\":\"bob\"}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(429);
        assertThat(GatewayFixture.json(response).at("/error/code").textValue()).isEqualTo("insufficient_quota");
        assertThat(GatewayFixture.header(response, "x-should-retry")).isEqualTo("false");
    }
}
