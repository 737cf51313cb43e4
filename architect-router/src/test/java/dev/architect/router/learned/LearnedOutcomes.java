package dev.architect.router.learned;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Made-up word problems: the weak model fails on those with "each" and "half", whatever their length. */
public final class LearnedOutcomes {

    private static final String[] NAMES = {"Ann", "Ben", "Cleo", "Dan"};
    private static final String[] THINGS = {"apples", "books", "coins", "pens", "stamps"};

    private LearnedOutcomes() {}

    /** Returns so many of them, the same for the same seed. */
    public static List<RoutingOutcome> of(int rows, long seed) {
        Random random = new Random(seed);
        List<RoutingOutcome> outcomes = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            StringBuilder prompt = new StringBuilder();
            int parts = 1 + random.nextInt(5);
            boolean isHard = random.nextBoolean();
            for (int part = 0; part < parts; part++) {
                prompt.append(NAMES[random.nextInt(NAMES.length)])
                        .append(" has ")
                        .append(2 + random.nextInt(90))
                        .append(' ')
                        .append(THINGS[random.nextInt(THINGS.length)])
                        .append(". ");
            }
            prompt.append(isHard ? "Each loses half of them. How many are left?" : "How many are there in total?");
            boolean weak = random.nextDouble() < (isHard ? 0.3 : 0.9);
            boolean strong = random.nextDouble() < 0.95;
            int one = 2 + random.nextInt(50);
            int sum = one + 7 + (weak ? 0 : 1 + random.nextInt(2));
            outcomes.add(new RoutingOutcome(
                    prompt.toString(),
                    strong ? 1 : 0,
                    weak ? 1 : 0,
                    Optional.of("group " + row % 6),
                    Optional.of("That is " + one + " + 7 = " + sum + ".\n#### " + sum)));
        }
        return outcomes;
    }
}
