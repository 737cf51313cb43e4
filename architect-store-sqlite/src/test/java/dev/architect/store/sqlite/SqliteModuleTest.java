package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on the module path, where only what is required is there. Other tests run on the class path. */
class SqliteModuleTest {

    private static final String MODULE = "dev.architect.store.sqlite";

    @TempDir
    Path directory;

    @Test
    void opensWithNothingButTheModulesItRequires() throws Exception {
        Path[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes")
                        && entry.matches(".*(architect-(core|store-)|jdbi3|sqlite-jdbc|slf4j-api|geantyref).*"))
                .map(Path::of)
                .toArray(Path[]::new);
        Configuration resolved =
                ModuleLayer.boot().configuration().resolve(ModuleFinder.of(path), ModuleFinder.of(), Set.of(MODULE));
        ClassLoader loader = ModuleLayer.boot()
                .defineModulesWithOneLoader(resolved, ClassLoader.getPlatformClassLoader())
                .findLoader(MODULE);
        Class<?> type = loader.loadClass(SqliteStore.class.getName());
        assertThat(type.getModule().getName()).isEqualTo(MODULE);

        try (AutoCloseable store =
                (AutoCloseable) type.getMethod("at", Path.class).invoke(null, directory.resolve("a.db"))) {
            assertThat(type.getMethod("tasks").invoke(store)).isNotNull();
            assertThat(directory.resolve("a.db")).exists();
        }
    }
}
