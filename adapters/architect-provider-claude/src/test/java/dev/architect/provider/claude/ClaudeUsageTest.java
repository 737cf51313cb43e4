package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.answer;
import static dev.architect.provider.claude.StubbedClaude.streamed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaudeUsageTest {

    /** Claude's {@code input_tokens} are what was neither read from nor written to a cache. */
    @Test
    void putsEveryCountIntoABucketOfItsOwn() {
        ProviderAnswer answer = counted("""
                {"input_tokens":120,"cache_read_input_tokens":50000,"cache_creation_input_tokens":3000,
                 "cache_creation":{"ephemeral_5m_input_tokens":2000,"ephemeral_1h_input_tokens":1000},
                 "output_tokens":800,"output_tokens_details":{"thinking_tokens":300},
                 "server_tool_use":{"web_search_requests":3,"web_fetch_requests":1},"service_tier":"priority"}""");

        assertThat(answer.usage().counts())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        UsageBucket.INPUT, 120L,
                        UsageBucket.CACHE_READ, 50_000L,
                        UsageBucket.CACHE_WRITE_5M, 2_000L,
                        UsageBucket.CACHE_WRITE_1H, 1_000L,
                        UsageBucket.OUTPUT, 800L,
                        UsageBucket.REASONING_IN_OUTPUT, 300L,
                        UsageBucket.WEB_SEARCH, 3L,
                        UsageBucket.WEB_FETCH, 1L));
        assertThat(answer.usage().promptTokens()).isEqualTo(53_120);
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(answer.serviceTier()).isEqualTo("priority");
    }

    @Test
    void chargesCacheWritesOnceWhenTheirLifetimeIsNotStated() {
        assertThat(encoded("{\"input_tokens\":3,\"cache_creation_input_tokens\":12304,\"output_tokens\":550}"))
                .isEqualTo("INPUT=3,CACHE_WRITE=12304,OUTPUT=550");
        assertThat(encoded("""
                {"input_tokens":3,"cache_creation_input_tokens":30,"output_tokens":5,
                 "cache_creation":{"ephemeral_5m_input_tokens":10}}""")).isEqualTo("INPUT=3,CACHE_WRITE_5M=10,CACHE_WRITE=20,OUTPUT=5");
    }

    @Test
    void whatIsNotReportedIsUnknownAndNotZero() {
        ProviderAnswer answer = counted("""
                {"input_tokens":3,"cache_read_input_tokens":null,"output_tokens":0,"server_tool_use":null}""");

        assertThat(answer.usage().toString()).isEqualTo("INPUT=3,OUTPUT=0");
        assertThat(answer("{\"content\":[]}").usage().isUnknown()).isTrue();
        assertThat(answer("{\"content\":[]}").usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void partsThatAreMoreThanTheirTotalAreNotTrusted() {
        ProviderAnswer answer = counted("""
                {"input_tokens":3,"cache_creation_input_tokens":5,"output_tokens":5,
                 "cache_creation":{"ephemeral_5m_input_tokens":10}}""");

        assertThat(answer.usage().toString()).isEqualTo("INPUT=3,CACHE_WRITE=5,OUTPUT=5");
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void theLastCountOfAStreamHoldsFieldByField() {
        ProviderAnswer answer = streamed("""
                {"type":"message_start","message":{"model":"m","usage":{"input_tokens":10,"output_tokens":1,"cache_read_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":7},"service_tier":"batch"}}}
                {"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":20,"input_tokens":null}}
                {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":30,"input_tokens":12,"output_tokens_details":{"thinking_tokens":9}}}
                {"type":"message_stop"}""");

        assertThat(answer.usage().toString())
                .isEqualTo("INPUT=12,CACHE_READ=5,CACHE_WRITE_5M=7,OUTPUT=30,REASONING_IN_OUTPUT=9");
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(answer.serviceTier()).isEqualTo("batch");
    }

    @Test
    void theRegionAndFastModeAreReported() {
        String counts = "\"input_tokens\":3,\"output_tokens\":5,\"service_tier\":\"standard\"";

        assertThat(counted("{" + counts + ",\"inference_geo\":\"us\"}").region())
                .isEqualTo("us");
        assertThat(counted("{" + counts + "}").region()).isEmpty();
        assertThat(counted("{" + counts + ",\"speed\":\"fast\"}").serviceTier()).isEqualTo("fast");
        assertThat(counted("{" + counts + ",\"speed\":\"standard\"}").serviceTier())
                .isEqualTo("standard");
        assertThat(counted("{\"input_tokens\":3,\"output_tokens\":5,\"service_tier\":\"auto\"}")
                        .serviceTier())
                .isEqualTo("standard");
    }

    /** A server that changes its mind about what a count is may lose that count, and no answer. */
    @Test
    void aCountThatBecomesAnObjectIsReplaced() {
        ProviderAnswer answer = streamed("""
                {"type":"message_start","message":{"model":"m","usage":{"input_tokens":10,"cache_creation":4}}}
                {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"hi"}}
                {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3,"cache_creation":{"ephemeral_5m_input_tokens":7}}}
                {"type":"message_stop"}""");

        assertThat(answer.usage().toString()).isEqualTo("INPUT=10,CACHE_WRITE_5M=7,OUTPUT=3");
    }

    private static String encoded(String usage) {
        return counted(usage).usage().toString();
    }

    private static ProviderAnswer counted(String usage) {
        return answer("{\"content\":[],\"stop_reason\":\"end_turn\",\"usage\":" + usage + "}");
    }
}
