/** Routing policies: the models that may answer, quality floors, breakers and time limits. */
@NullMarked
package dev.architect.router.policy;

import org.jspecify.annotations.NullMarked;
