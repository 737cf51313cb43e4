package dev.architect.router.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quotas and throttling in a policy, from a file and from code. */
final class QuotaRuleTest {

    private static String policy(String more) {
        return """
                baseline: claude/claude-sonnet-4-6
                models: [{model: openai/gpt-4o-mini, quality: 66, contextTokens: 1000}]
                """ + more;
    }

    @Test
    void aFileHasRulesForEachSubject() {
        RoutingPolicy policy = RoutingPolicy.parse(policy("""
                quotas:
                  - {provider: openai, requests: 500, tokens: 200000}
                  - {model: openai/gpt-4o-mini, inputTokens: 1, outputTokens: 1000000000000, period: 1h}
                  - {project: acme, requests: 1}
                  - {user: "*", requests: 2, maxConcurrent: 4}
                  - {tag: team=*, requests: 3, period: 24h}
                throttling: {enabled: true, multiplier: 3, window: 1m, minimumCalls: 7, reservePercent: 20}
                """));

        assertThat(policy.quotas())
                .containsExactly(
                        new QuotaRule(
                                QuotaRule.Subject.PROVIDER,
                                "openai",
                                QuotaRule.MINUTE,
                                Map.of(QuotaUnit.REQUESTS, 500L, QuotaUnit.TOKENS, 200_000L)),
                        new QuotaRule(
                                QuotaRule.Subject.MODEL,
                                "openai/gpt-4o-mini",
                                Duration.ofHours(1),
                                Map.of(QuotaUnit.INPUT_TOKENS, 1L, QuotaUnit.OUTPUT_TOKENS, 1_000_000_000_000L)),
                        QuotaRule.perMinute(QuotaRule.Subject.PROJECT, "acme", QuotaUnit.REQUESTS, 1),
                        new QuotaRule(
                                QuotaRule.Subject.USER,
                                "*",
                                QuotaRule.MINUTE,
                                Map.of(QuotaUnit.REQUESTS, 2L, QuotaUnit.CONCURRENT_CALLS, 4L)),
                        new QuotaRule(
                                QuotaRule.Subject.TAG, "team=*", Duration.ofDays(1), Map.of(QuotaUnit.REQUESTS, 3L)));
        assertThat(policy.quotas()).extracting(QuotaRule::isEach).containsExactly(false, false, false, true, true);
        assertThat(policy.throttling()).isEqualTo(new ThrottleSettings(true, 3, Duration.ofMinutes(1), 7, 20));
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
        assertThat(RoutingPolicy.standard().quotas()).isEmpty();
        assertThat(RoutingPolicy.standard().throttling()).isEqualTo(ThrottleSettings.STANDARD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{provider: opnai, requests: 5}             | quotas[0].provider is 'opnai', did you mean 'openai'?",
                "{model: openai/x, requests: 5}             | quotas[0].model is 'openai/x', expected one of the models",
                "{model: gpt, requests: 5}                  | quotas[0].model is 'gpt', expected provider/model",
                "{requests: 5}                              | quotas[0].provider is one of 0 subjects of a quota, expected exactly one of provider, model, project, user, tag",
                "{user: a, project: b, requests: 5}         | quotas[0].user is one of 2 subjects of a quota, expected exactly one of provider, model, project, user, tag",
                "{provider: openai}                         | quotas[0].requests is missing, expected requests, tokens, inputTokens, outputTokens or maxConcurrent",
                "{provider: openai, requests: 0}            | quotas[0].requests is 0, expected 1..1000000000000",
                "{user: a, maxConcurrent: 0}               | quotas[0].maxConcurrent is 0, expected 1..1000000000000",
                "{provider: openai, tokens: many}           | quotas[0].tokens is 'many', expected 1..1000000000000",
                "{provider: openai, token: 5, requests: 1}  | quotas[0].token is not a known field, did you mean 'tokens'?",
                "{user: a, requests: 1, period: 500ms}      | quotas[0].period is '500ms', expected a duration from 1s to 24h",
                "{tag: team, requests: 1}                   | quotas[0].tag is 'team', expected name=value or name=*",
            })
    void aMistakeGetsOneLine(String rule, String message) {
        assertThatThrownBy(() -> RoutingPolicy.parse(policy("quotas:\n  - " + rule + "\n")))
                .isInstanceOf(PolicyException.class)
                .hasMessageStartingWith("policy:4:")
                .hasMessageContaining(": " + message);
    }

    @Test
    void codeIsCheckedAsAFileIs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaRule.perMinute(QuotaRule.Subject.MODEL, "gpt", QuotaUnit.REQUESTS, 1))
                .withMessage("model is 'gpt', expected provider/model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuotaRule.perMinute(QuotaRule.Subject.USER, "a", QuotaUnit.TOKENS, 0))
                .withMessage("tokens is 0, expected 1..1000000000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QuotaRule(QuotaRule.Subject.USER, "a", QuotaRule.MINUTE, Map.of()))
                .withMessage(
                        "quota of a has no limit, expected requests, tokens, inputTokens, outputTokens or maxConcurrent");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ThrottleSettings(true, 0, Duration.ofMinutes(2), 50, 10))
                .withMessage("multiplier is 0, expected 1..10");
        assertThat(RoutingPolicy.standard().withQuotas(List.of()).quotas()).isEmpty();
    }
}
