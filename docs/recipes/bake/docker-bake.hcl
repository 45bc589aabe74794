variable "AWS_REGION" {
  default = ""
}

group "default" {
  targets = ["myapp"]
}

target "myapp" {
  context    = "."
  dockerfile = "Dockerfile"
  tags       = ["myapp:latest"]
  args = {
    AWS_REGION = AWS_REGION
  }
  secret = [
    "type=env,id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  ]
}
