/** No notes to self: what is left to do is done or is an issue. */

const MARK = /\b(TODO|FIXME|XXX|HACK)\b/;

/** @type {import('../project.mjs').Rule} */
export const marks = {
  name: 'marks',
  check(project) {
    return project.files.flatMap((file) =>
      file.tokens
        .filter((token) => token.kind === 'comment')
        .flatMap((token) =>
          token.text.split('\n').flatMap((text, offset) => {
            const mark = MARK.exec(text)?.[1];
            const message = `${mark} in a comment: do it now or open an issue`;
            return mark === undefined ? [] : [{ path: file.path, line: token.line + offset, message }];
          }),
        ),
    );
  },
};
