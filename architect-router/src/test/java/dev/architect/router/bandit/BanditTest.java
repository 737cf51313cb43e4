package dev.architect.router.bandit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.architect.cost.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Learning from rewards: what is lost by trying, and how soon a change is followed. */
class BanditTest {

    private static final int REQUESTS = 10_000;

    /** Two arms whose answers are accepted with these probabilities. */
    private static final class World {
        private final Random random;
        private final Bandit bandit;
        private final double[] quality;
        private double earned;
        private int best;

        World(long seed, double... quality) {
            this.random = new Random(seed);
            this.quality = quality;
            this.bandit = Bandit.expecting(
                    new BanditSettings(0, 0, BanditSettings.STANDARD.memory(), seed), new double[][] {{0.9, 0.9}});
        }

        void run(int from, int to) {
            earned = 0;
            best = 0;
            int better = quality[1] > quality[0] ? 1 : 0;
            for (int i = from; i < to; i++) {
                Bandit.Pick pick = bandit.pick(0, "request-" + i);
                best += pick.arm() == better ? 1 : 0;
                earned += quality[pick.arm()];
                bandit.learn(0, pick.arm(), random.nextDouble() < quality[pick.arm()] ? 1 : 0);
            }
        }

        void flip() {
            double first = quality[0];
            quality[0] = quality[1];
            quality[1] = first;
        }
    }

    @ParameterizedTest
    @CsvSource({"0.9,0.3", "0.3,0.9", "0.8,0.6", "0.7,0.65", "0.5,0.5", "0.6,0.4", "0.95,0.9", "0.4,0.2"})
    void losesAtMostTwoPercentOfTheBestFixedChoice(double one, double other) {
        double earned = 0;
        int seeds = 20;
        for (int seed = 1; seed <= seeds; seed++) {
            World world = new World(seed, one, other);
            world.run(0, REQUESTS);
            earned += world.earned / REQUESTS / seeds;
        }

        assertThat(earned).isGreaterThan(0.98 * Math.max(one, other));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void followsAChangeWithinFiveHundredRequests(long seed) {
        World world = new World(seed, 0.9, 0.3);
        world.run(0, 3_000);
        for (int change = 1; change <= 4; change++) {
            world.flip();
            int from = change * 3_000;
            world.run(from, from + 500);

            world.run(from + 500, from + 1_000);
            assertThat(world.best).as("seed %d, change %d", seed, change).isGreaterThan(450);
            world.run(from + 1_000, from + 3_000);
        }
    }

    @Test
    void costAndLatencyAreWeighedAgainstQuality() {
        BanditSettings settings = new BanditSettings(10, 0.02, 100, 1);

        double reward = settings.reward(0.9, Money.ofUsd("0.03"), Duration.ofMillis(2_500));

        assertThat(reward).isCloseTo(0.9 - 0.3 - 0.05, offset(1e-12));
    }

    @Test
    void choosesTheCheaperArmWhereBothAreAsGood() {
        BanditSettings settings = new BanditSettings(10, 0, 100, 3);
        Bandit bandit = Bandit.expecting(settings, new double[][] {{0.9, 0.9}});
        Money[] cost = {Money.ofUsd("0.001"), Money.ofUsd("0.02")};
        int cheap = 0;
        for (int i = 0; i < 1_000; i++) {
            int arm = bandit.pick(0, "r" + i).arm();
            cheap += i >= 500 && arm == 0 ? 1 : 0;
            bandit.learn(0, arm, settings.reward(0.9, cost[arm], Duration.ofMillis(500)));
        }

        assertThat(cheap).isGreaterThan(470);
    }

    @Test
    void sameRequestsAndRewardsGiveTheSameChoices() {
        assertThat(picks(7)).isEqualTo(picks(7)).isNotEqualTo(picks(8));
    }

    private static List<Bandit.Pick> picks(long seed) {
        Bandit bandit = Bandit.expecting(new BanditSettings(0, 0, 50, seed), new double[][] {{0.5, 0.5, 0.5}});
        List<Bandit.Pick> picks = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Bandit.Pick pick = bandit.pick(0, "r" + i);
            picks.add(pick);
            bandit.learn(0, pick.arm(), (i * 31 + pick.arm() * 17) % 10 / 10.0);
        }
        return picks;
    }

    @Test
    void propensityIsTheShareOfRequestsThatAreChosenSo() {
        Bandit bandit = Bandit.expecting(new BanditSettings(0, 0, 100, 5), new double[][] {{0.9, 0.85, 0.5}});
        int[] chosen = new int[3];
        double[] propensity = new double[3];
        for (int i = 0; i < 200_000; i++) {
            Bandit.Pick pick = bandit.pick(0, "r" + i);
            chosen[pick.arm()]++;
            propensity[pick.arm()] = pick.propensity();
        }

        for (int arm = 0; arm < 3; arm++) {
            assertThat(chosen[arm] / 200_000.0).isCloseTo(propensity[arm], offset(0.003));
        }
    }

    @Test
    void refusesWhatCannotBeLearnedFrom() {
        Bandit bandit = Bandit.expecting(BanditSettings.STANDARD, new double[][] {{0.5, 0.5}});

        assertThatThrownBy(() -> bandit.learn(0, 0, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reward is NaN, expected a finite number");
        assertThatThrownBy(() -> bandit.learn(1, 0, 1)).hasMessage("kind is 1, expected 0..0");
        assertThatThrownBy(() -> bandit.learn(0, 2, 1)).hasMessage("arm is 2, expected 0..1");
        assertThatThrownBy(() -> Bandit.expecting(BanditSettings.STANDARD, new double[][] {{0.5}}))
                .hasMessage("expected has 1 kinds, expected 1 or more with 2 arms or more");
        assertThatThrownBy(() -> new BanditSettings(Double.NaN, 0, 100, 1))
                .hasMessage("usdWeight is NaN, expected 0 to 1000000.0");
        assertThatThrownBy(() -> new BanditSettings(0, 0, 9, 1)).hasMessage("memory is 9, expected 10..100000");
    }
}
