# Mixel as an image: mvn -Pdist package makes the archive that it holds.
#
#   docker build -t mixel .
#   docker run --rm -v "$PWD:/data" -v mixel-home:/home/mixel mixel fit images -o images.mfa
FROM debian:bookworm-slim

ADD dist/target/mixel-*-linux-x86_64.tar.gz /opt/
RUN ln -s /opt/mixel-*/bin/mixel /usr/local/bin/mixel \
  && useradd --create-home --uid 1000 mixel
USER mixel
WORKDIR /data
ENTRYPOINT ["mixel"]
