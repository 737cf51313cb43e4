package dev.architect.testkit.project;

import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import org.junit.jupiter.api.Nested;

/**
 * What every store must do that keeps projects, with the rules of projects over it. A store's test extends this class and opens stores; JUnit then
 * runs every case against them. Each case makes projects of its own, so stores may have the same database.
 */
public abstract class ProjectStoreContract {

    /** For subclasses. */
    protected ProjectStoreContract() {}

    /** Opens a store whose clock is {@code time}. The case closes it. */
    protected abstract Store open(TimeSource time) throws Exception;

    @Nested
    class Life extends ProjectLifeCases {
        Life() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Templates extends ProjectTemplateCases {
        Templates() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Items extends ProjectItemCases {
        Items() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Boards extends ProjectBoardCases {
        Boards() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Links extends ProjectLinkCases {
        Links() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Changes extends ProjectChangeCases {
        Changes() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Lists extends ProjectListCases {
        Lists() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Parts extends ProjectPartCases {
        Parts() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Milestones extends ProjectMilestoneCases {
        Milestones() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Imports extends ProjectImportCases {
        Imports() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Transfers extends ProjectTransferCases {
        Transfers() {
            super(ProjectStoreContract.this);
        }
    }

    @Nested
    class Concurrency extends ProjectConcurrencyCases {
        Concurrency() {
            super(ProjectStoreContract.this);
        }
    }
}
