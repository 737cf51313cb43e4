package dev.architect.embedding;

import dev.architect.check.Check;
import java.util.Arrays;

/** A vector that stands for a text. Immutable. */
public final class Embedding {

    private final float[] values;

    private Embedding(float[] values) {
        this.values = values;
    }

    /** Returns a vector of a copy of {@code values}, which are at least one, all finite. */
    public static Embedding of(float... values) {
        if (Check.notNull("values", values).length == 0) {
            throw new IllegalArgumentException("vector has 0 values, expected 1 or more");
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("vector has a value of " + value + ", expected finite ones");
            }
        }
        return new Embedding(values.clone());
    }

    /** How many values it has. */
    public int dimensions() {
        return values.length;
    }

    /** Returns a copy of the values. */
    public float[] values() {
        return values.clone();
    }

    /** Returns how near the other vector's direction is: 1 the same, 0 unrelated, -1 opposite; 0 when either is all zeros. */
    public double cosine(Embedding other) {
        if (other.values.length != values.length) {
            throw new IllegalArgumentException(
                    "other vector has " + other.values.length + " values, expected " + values.length);
        }
        double product = 0;
        double mine = 0;
        double theirs = 0;
        for (int i = 0; i < values.length; i++) {
            product += (double) values[i] * other.values[i];
            mine += (double) values[i] * values[i];
            theirs += (double) other.values[i] * other.values[i];
        }
        return mine == 0 || theirs == 0 ? 0 : product / Math.sqrt(mine * theirs);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Embedding && Arrays.equals(values, ((Embedding) other).values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Embedding[" + values.length + " values]";
    }
}
