/** Things that nodes keep in the documents that all of them share. */
@NullMarked
package dev.architect.document;

import org.jspecify.annotations.NullMarked;
