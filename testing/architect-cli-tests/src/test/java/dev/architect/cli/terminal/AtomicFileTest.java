package dev.architect.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {

    @TempDir
    private Path folder;

    @Test
    void replacesAFileInOneStep() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "old");

        AtomicFile.write(file, writer -> {
            writer.write("new");
            assertThat(file).hasContent("old");
        });

        assertThat(file).hasContent("new");
        assertThat(folder).isDirectoryContaining(file::equals);
        assertThat(Files.list(folder)).hasSize(1);
    }

    @Test
    void leavesNothingBehindWhenTheContentFails() {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("a.txt"), writer -> {
                    writer.write("half of");
                    throw new IOException("the source broke off");
                }))
                .hasMessage("the source broke off");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aPrivateFileIsPrivateBeforeItsFirstByte() throws IOException {
        Path file = folder.resolve("secret");

        AtomicFile.writePrivate(file, writer -> {
            for (Path draft : Files.list(folder).toList()) {
                assertThat(permissions(draft)).isEqualTo("rw-------");
            }
            writer.write("s");
        });

        assertThat(permissions(file)).isEqualTo("rw-------");
    }

    @Test
    void aDirectoryIsNoFile() {
        assertThatThrownBy(() -> AtomicFile.checkWritable(folder)).hasMessageContaining("this is a directory");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
