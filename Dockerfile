# Both programs, static, and nothing else: docker build -t wsprobe .
FROM golang:1.26.8 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags=-s -o /out/ ./cmd/... && mkdir /report

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/ /
# Whoever runs may write reports, also where a volume is put over the folder.
COPY --from=build --chown=65532:65532 /report /report
USER 65532:65532
EXPOSE 9001
CMD ["/wsecho"]
