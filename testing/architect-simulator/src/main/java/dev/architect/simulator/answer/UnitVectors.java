package dev.architect.simulator.answer;

import java.util.Locale;
import java.util.SplittableRandom;

/** Embedding vectors of length one: equal for equal texts, and nearer to each other the more words two texts share. */
public final class UnitVectors {

    private UnitVectors() {}

    public static float[] of(String text, int dimensions) {
        double[] sum = new double[dimensions];
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            // Seeded by the word alone, so that texts that share words share directions.
            SplittableRandom random = new SplittableRandom(word.hashCode() * 1_000_003L + word.length());
            for (int i = 0; i < dimensions; i++) {
                sum[i] += random.nextGaussian();
            }
        }
        double squares = 0;
        for (double value : sum) {
            squares += value * value;
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sum[i] / Math.sqrt(squares));
        }
        return vector;
    }
}
