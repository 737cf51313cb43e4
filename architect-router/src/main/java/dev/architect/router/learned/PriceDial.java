package dev.architect.router.learned;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What weighing the price of models brings, from rows that the predicting model had not seen: the more a dollar weighs, the cheaper and the
 * worse are the answers. Immutable.
 */
public final class PriceDial {

    private static final int POINTS = 80;
    /** The largest weight lets the whole range of prices stand for so much quality. */
    private static final double MOST = 2;

    private static final double RATIO = 1.08;

    private final double[] weights;
    private final double[] qualities;
    private final double[] prices;

    private PriceDial(double[] weights, double[] qualities, double[] prices) {
        this.weights = weights;
        this.qualities = qualities;
        this.prices = prices;
    }

    /**
     * A place of the dial.
     *
     * @param priceWeight how much quality a unit of price stands for
     * @param quality the mean quality of the chosen models' answers on the rows that it was learned from, 0 to 1
     * @param price the mean price of the chosen models, in the unit of the prices that were given for training
     */
    public record Setting(double priceWeight, double quality, double price) {}

    /**
     * Learns the dial.
     *
     * @param predicted for each row the predicted quality of each model
     * @param actual for each row what it was
     * @param prices of the models
     */
    static PriceDial of(double[][] predicted, double[][] actual, double[] prices) {
        double low = Double.MAX_VALUE;
        double high = 0;
        for (double price : prices) {
            low = Math.min(low, price);
            high = Math.max(high, price);
        }
        double range = Math.max(1e-12, high - low);
        double[] weights = new double[POINTS];
        double[] qualities = new double[POINTS];
        double[] means = new double[POINTS];
        double weight = MOST;
        for (int point = POINTS - 1; point > 0; point--) {
            weights[point] = weight / range;
            weight /= RATIO;
        }
        for (int point = 0; point < POINTS; point++) {
            for (int row = 0; row < predicted.length; row++) {
                int chosen = best(predicted[row], prices, weights[point]);
                qualities[point] += actual[row][chosen] / predicted.length;
                means[point] += prices[chosen] / predicted.length;
            }
        }
        return new PriceDial(weights, qualities, means);
    }

    /** The model with the most quality after its price; of equal ones the first. */
    static int best(double[] qualities, double[] prices, double weight) {
        int best = 0;
        for (int model = 1; model < qualities.length; model++) {
            best = qualities[model] - weight * prices[model] > qualities[best] - weight * prices[best] ? model : best;
        }
        return best;
    }

    /** Returns the setting that only looks at quality. */
    public Setting forBest() {
        return setting(0);
    }

    /**
     * Returns the setting of the best quality at a mean price.
     *
     * @param most the most that the chosen models may cost on average; when no setting is as cheap, the cheapest is returned
     */
    public Setting forPrice(double most) {
        if (!(most >= 0)) {
            throw new IllegalArgumentException("most is " + most + ", expected a price of 0 or more");
        }
        int best = -1;
        int cheapest = 0;
        for (int point = 0; point < weights.length; point++) {
            cheapest = prices[point] < prices[cheapest] ? point : cheapest;
            if (prices[point] <= most && (best < 0 || qualities[point] > qualities[best])) {
                best = point;
            }
        }
        return setting(best < 0 ? cheapest : best);
    }

    /**
     * Returns the cheapest setting that reaches a quality; when none does, the best.
     *
     * @param least from 0 to 1
     */
    public Setting forQuality(double least) {
        if (!(least >= 0 && least <= 1)) {
            throw new IllegalArgumentException("least is " + least + ", expected 0 to 1");
        }
        int cheapest = -1;
        int best = 0;
        for (int point = 0; point < weights.length; point++) {
            best = qualities[point] > qualities[best] ? point : best;
            if (qualities[point] >= least && (cheapest < 0 || prices[point] < prices[cheapest])) {
                cheapest = point;
            }
        }
        return setting(cheapest < 0 ? best : cheapest);
    }

    private Setting setting(int point) {
        return new Setting(weights[point], qualities[point], prices[point]);
    }

    void write(DataOutput out) throws IOException {
        for (int point = 0; point < weights.length; point++) {
            out.writeDouble(weights[point]);
            out.writeDouble(qualities[point]);
            out.writeDouble(prices[point]);
        }
    }

    static PriceDial read(DataInput in) throws IOException {
        double[] weights = new double[POINTS];
        double[] qualities = new double[POINTS];
        double[] prices = new double[POINTS];
        for (int point = 0; point < POINTS; point++) {
            weights[point] = ModelFile.finite("price weight", in.readDouble());
            qualities[point] = ModelFile.finite("quality", in.readDouble());
            prices[point] = ModelFile.finite("price", in.readDouble());
        }
        return new PriceDial(weights, qualities, prices);
    }
}
