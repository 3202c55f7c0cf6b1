# Mixel as an image: mvn -Pdist package makes the archive that it holds, 236 MB on top of Debian's. Files are written as the
# user who asks; the volume keeps what is downloaded, and the 466 MB of native libraries that the first run unpacks. .ci/dist
# runs its steps, and Mixel as its user, in a bare Debian; Buildah has built it, Docker not yet.
#
#   docker build -t mixel .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/data" -v mixel-home:/home/mixel mixel fit images -o images.mfa
FROM debian:bookworm-slim

ADD dist/target/mixel-*-linux-x86_64.tar.gz /opt/
# Any user may write to both: without --user that is one without a name.
RUN ln -s /opt/mixel-*/bin/mixel /usr/local/bin/mixel \
  && mkdir -m 1777 /data /home/mixel
ENV HOME=/home/mixel
USER 1000:1000
WORKDIR /data
ENTRYPOINT ["mixel"]
