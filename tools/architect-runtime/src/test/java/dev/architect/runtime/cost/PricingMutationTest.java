package dev.architect.runtime.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** That the checks of known errors find each of these errors: one that passes under its own error would be too weak. */
final class PricingMutationTest {

    /** One of the checks. */
    @FunctionalInterface
    private interface Check {
        void run(KnownCostErrorsTest checks) throws Exception;
    }

    private static final Map<String, Check> CHECKS = new LinkedHashMap<>();

    private static final Map<PricingMutant, String[]> FAILING = new LinkedHashMap<>();

    static {
        CHECKS.put("chargesCacheWritesOnce", KnownCostErrorsTest::chargesCacheWritesOnce);
        CHECKS.put("pricesCacheReadsAndWritesOfClaude", KnownCostErrorsTest::pricesCacheReadsAndWritesOfClaude);
        CHECKS.put("keepsCacheReadsInStreams", KnownCostErrorsTest::keepsCacheReadsInStreams);
        CHECKS.put("keepsOpenAiCachedTokensInStreams", KnownCostErrorsTest::keepsOpenAiCachedTokensInStreams);
        CHECKS.put("pricesCachedInputAtItsOwnRate", KnownCostErrorsTest::pricesCachedInputAtItsOwnRate);
        CHECKS.put("countsReasoningOnce", KnownCostErrorsTest::countsReasoningOnce);
        CHECKS.put("pricesTheModelThatAnswered", KnownCostErrorsTest::pricesTheModelThatAnswered);
        CHECKS.put("picksTierByWholePrompt", KnownCostErrorsTest::picksTierByWholePrompt);
        CHECKS.put("picksServiceTierOfTheResponse", KnownCostErrorsTest::picksServiceTierOfTheResponse);
        CHECKS.put("unpricedIsNeverZero", KnownCostErrorsTest::unpricedIsNeverZero);
        CHECKS.put("datesEachRateAlone", KnownCostErrorsTest::datesEachRateAlone);

        FAILING.put(PricingMutant.CACHE_READS_AS_INPUT, new String[] {
            "pricesCacheReadsAndWritesOfClaude",
            "keepsCacheReadsInStreams",
            "keepsOpenAiCachedTokensInStreams",
            "pricesCachedInputAtItsOwnRate"
        });
        FAILING.put(PricingMutant.CACHE_WRITES_TWICE, new String[] {"chargesCacheWritesOnce"});
        FAILING.put(PricingMutant.REASONING_TWICE, new String[] {"countsReasoningOnce"});
        FAILING.put(PricingMutant.SERVICE_TIER_IGNORED, new String[] {"picksServiceTierOfTheResponse"});
        FAILING.put(PricingMutant.MODEL_THAT_WAS_ASKED, new String[] {"pricesTheModelThatAnswered"});
        FAILING.put(PricingMutant.PROMPT_TIERS_IGNORED, new String[] {"picksTierByWholePrompt"});
        FAILING.put(PricingMutant.DATES_IGNORED, new String[] {"datesEachRateAlone"});
        FAILING.put(PricingMutant.UNPRICED_IS_FREE, new String[] {"unpricedIsNeverZero"});
    }

    @TestFactory
    Stream<DynamicTest> findsEveryMutant() {
        return FAILING.entrySet().stream()
                .flatMap(each -> Stream.of(each.getValue())
                        .map(name -> DynamicTest.dynamicTest(
                                each.getKey() + " fails " + name, () -> fails(name, each.getKey()))));
    }

    private static void fails(String name, PricingMutant mutant) {
        Check check = CHECKS.get(name);

        Throwable failure = catchThrowable(() -> check.run(KnownCostErrorsTest.under(mutant)));

        // Anything else would be a defect of the check, and another message one of the mutant.
        assertThat(failure)
                .as("%s under %s", name, mutant)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected[status=");
        assertThat(catchThrowable(() -> check.run(KnownCostErrorsTest.under(PricingMutant.NONE))))
                .as("%s without a mutant", name)
                .isNull();
    }
}
