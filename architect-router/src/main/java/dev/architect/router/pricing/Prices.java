package dev.architect.router.pricing;

import dev.architect.cost.PriceCatalogue;
import dev.architect.router.yaml.BundledFile;
import java.nio.file.Path;

/**
 * Where price catalogues come from: the one in the jar, which works without a network, and files of the host. The top
 * of {@code prices.yaml} describes the format of a price file.
 */
public final class Prices {

    private Prices() {}

    /** Returns the prices that come with Architect. They were read on the days that their rows name. */
    public static PriceCatalogue standard() {
        return Standard.CATALOGUE;
    }

    /**
     * Returns the standard prices with those of {@code file} on top: for a model that the file names, on the service tier
     * that it names, only the file's rows count. A file with {@code base: none} stands alone.
     *
     * @throws PriceException with everything that is wrong with the file
     */
    public static PriceCatalogue load(Path file) {
        return PriceReader.load(file);
    }

    /**
     * Returns the same for a text.
     *
     * @throws PriceException with everything that is wrong with the text, which it calls {@code prices}
     */
    public static PriceCatalogue parse(String yaml) {
        return PriceReader.parse("prices", yaml);
    }

    /** Read once, at first use. */
    private static final class Standard {
        static final PriceCatalogue CATALOGUE =
                PriceReader.parse("prices.yaml", BundledFile.text(Prices.class, "prices.yaml"));
    }
}
