package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.architect.model.ProviderException;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ModelProviderFactory;
import dev.architect.spi.ModelProviderFactory.KeyRequirement;
import dev.architect.spi.ProviderSettings;
import dev.architect.spi.SecretSource;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The factory through which configurations find the adapter. */
abstract class ProviderFactoryCases extends ProviderCases {

    private static final String OTHER_NAME = "one-of-two";

    ProviderFactoryCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void isFoundOnceUnderTheNameOfTheProvider() {
        List<ModelProviderFactory> found = ServiceLoader.load(ModelProviderFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(factory -> factory.name().equals(contract.provider()))
                .toList();

        assertThat(found).hasSize(1);
    }

    @Test
    void namesItsKeyAndWhetherItIsNeeded() {
        assertThat(factory().keyName()).matches("[A-Z][A-Z0-9_]{0,63}");
        assertThat(factory().keyRequirement())
                .isEqualTo(contract.needsKey() ? KeyRequirement.REQUIRED : KeyRequirement.OPTIONAL);
    }

    @Test
    void makesAProviderThatAnswersWithTheKeyOfThatName() {
        String keyName = factory().keyName();
        ModelProvider made =
                create(settings(contract.provider()), name -> Optional.of(KEY).filter(key -> name.equals(keyName)));

        assertThat(made.name()).isEqualTo(contract.provider());
        assertThat(made.chat(call()).text()).isEqualTo(chat().text()).isNotBlank();
    }

    @Test
    void makesProvidersWithNamesOfTheirOwn() {
        ModelProvider one = create(settings(contract.provider()), name -> Optional.of(KEY));
        ModelProvider other = create(settings(OTHER_NAME), name -> Optional.of("sk-wrong"));
        ProviderException failure = failure(() -> other.chat(call()));

        assertThat(one.name()).isEqualTo(contract.provider());
        assertThat(other.name()).isEqualTo(OTHER_NAME);
        assertThat(failure.model().provider()).isEqualTo(OTHER_NAME);
    }

    @Test
    void rejectsAnOptionThatTheAdapterLacks() {
        assertThatThrownBy(() -> create(settings(OTHER_NAME).withOption("noSuchOption", "x"), name -> Optional.of(KEY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("option noSuchOption of provider " + OTHER_NAME + " is unknown, ");
    }

    @Test
    void neitherConnectsNorReadsASecretWhenItMakesAProvider() {
        create(settings(contract.provider()), name -> {
            throw new AssertionError(name + " is read");
        });

        assertThat(simulator().log()).isEmpty();
    }

    @Test
    void showsNoSecret() {
        URI withPassword = URI.create("http://user:" + KEY + "@localhost:1");
        Throwable rejected = catchThrowable(() ->
                create(ProviderSettings.of(contract.provider()).withBaseUrl(withPassword), name -> Optional.of(KEY)));

        assertThat(rejected).isInstanceOf(IllegalArgumentException.class);
        assertThat(rejected.toString()).doesNotContain("5Ecr3t");
        assertThat(factory() + " " + create(settings(OTHER_NAME), name -> Optional.of(KEY)))
                .doesNotContain("5Ecr3t");
    }

    private ModelProviderFactory factory() {
        return ServiceLoader.load(ModelProviderFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(factory -> factory.name().equals(contract.provider()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no ModelProviderFactory of " + contract.provider() + " in META-INF/services, expected one"));
    }

    private ProviderSettings settings(String name) {
        return contract.settings(
                ProviderSettings.of(name).withBaseUrl(simulator().baseUrl(contract.dialect())));
    }

    private ModelProvider create(ProviderSettings settings, SecretSource secrets) {
        return closedAfterwards(factory().create(settings, secrets));
    }
}
