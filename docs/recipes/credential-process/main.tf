terraform {
  backend "s3" {
    bucket = "my-bucket"
    key    = "terraform/state"
  }
}

provider "aws" {}

data "aws_caller_identity" "current" {}

output "account" {
  value = data.aws_caller_identity.current.account_id
}
