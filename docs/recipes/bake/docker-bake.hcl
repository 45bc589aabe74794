group "default" {
  targets = ["myapp"]
}

target "myapp" {
  context    = "."
  dockerfile = "Dockerfile"
  tags       = ["myapp:latest"]
  secret = [
    "type=env,id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  ]
}
