/** The pages of an answer of Elastic Load Balancing, one after another. */
export async function* everyPage<T extends { readonly NextMarker?: string | undefined }>(
  ask: (page: { readonly Marker?: string }) => Promise<T>,
): AsyncGenerator<T> {
  for (let marker: string | undefined; ; ) {
    const page = await ask(marker === undefined ? {} : { Marker: marker });
    yield page;
    if (page.NextMarker === undefined || page.NextMarker === "") return;
    marker = page.NextMarker;
  }
}
